import { type Ipv4Network, parseIpv4 } from '../../util/ipv4.ts';

/** Hands out addresses of one network; each one once, with a note of who has it. */
export class AddressPool {
  readonly #owners = new Map<number, string>();
  /** Next offset to try, by the offset at which a role begins. */
  readonly #next = new Map<number, number>();
  readonly #size: number;
  constructor(readonly network: Ipv4Network) {
    this.#size = 2 ** (32 - network.prefixLength);
  }

  /** False for the network's own address, its broadcast address, and addresses that end in .0 or .255. */
  isUsable(address: number): boolean {
    const offset = address - this.network.base;
    const last = address % 256;
    return offset > 0 && offset < this.#size - 1 && last !== 0 && last !== 255;
  }

  ownerOf(address: number): string | undefined {
    return this.#owners.get(address);
  }

  reserve(address: number, owner: string): void {
    this.#owners.set(address, owner);
  }

  /** The first free address from `offset` on, going round at the end; undefined when the network is full. */
  take(offset: number, owner: string): number | undefined {
    let at = this.#next.get(offset) ?? offset;
    for (let tried = 0; tried < this.#size; tried++, at++) {
      const address = this.network.base + (at % this.#size);
      if (!this.isUsable(address) || this.#owners.has(address)) continue;
      this.#next.set(offset, at + 1);
      this.#owners.set(address, owner);
      return address;
    }
    return undefined;
  }
}

/** Where each role begins in a LAN, as offsets from its first address. */
export interface Layout {
  router: number;
  director: number;
  vip: number;
  realServer: number;
  client: number;
}

export function layoutOf(prefixLength: number): Layout {
  const size = 2 ** (32 - prefixLength);
  if (size >= 65536) return { router: 1, director: 10, vip: 100, realServer: 257, client: 250 * 256 + 1 };
  if (size > 256) return { router: 1, director: 10, vip: 100, realServer: 257, client: size - 255 };
  if (size === 256) return { router: 1, director: 10, vip: 100, realServer: 101, client: 201 };
  return { router: 1, director: 2, vip: size - 2, realServer: 2, client: 2 };
}

/** For texts that the schema has let through. */
export function ipv4(text: string): number {
  const address = parseIpv4(text);
  if (address === undefined) throw new Error(`«${text}» passed the schema but is no IPv4 address`);
  return address;
}

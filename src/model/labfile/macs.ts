import type { Role } from '../spec.ts';

const roleByte: Record<Role, string> = { client: '0c', director: '0d', realServer: '0e', router: '0f' };

/** Locally administered addresses that can be read: `02:0e:00:00:00:07` is the seventh real server. */
export class MacPool {
  readonly #owners = new Map<string, string>();

  ownerOf(mac: string): string | undefined {
    return this.#owners.get(mac);
  }

  reserve(mac: string, owner: string): void {
    this.#owners.set(mac, owner);
  }

  /** The address of this number, or where its writer gave it to another host, the next free series. */
  take(role: Role, number: number, owner: string): string {
    for (let series = 0; ; series++) {
      const bytes = [series, number >>> 16, (number >>> 8) & 255, number & 255];
      const mac = `02:${roleByte[role]}:${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
      if (this.#owners.has(mac)) continue;
      this.#owners.set(mac, owner);
      return mac;
    }
  }
}

import { contains, formatIpv4, type Ipv4Network, parseIpv4, parseNetwork } from '../../util/ipv4.ts';
import { nameOf, type Path, type Problems } from './problems.ts';
import type { RawLab } from './schema.ts';

/** RFC 2544 reserves it for benchmarks; where frames could leave the machine, drlab sends nothing to any other address. */
const benchmarkRange: Ipv4Network = { base: (198 * 256 + 18) * 65536, prefixLength: 15 };

export interface Networks {
  lan: Ipv4Network;
  /** Where routed clients live. */
  outside: Ipv4Network;
}

/**
 * Undefined where the networks are wrong, so that no addresses can be given out.
 * @param place whether the lab has an outside network; whether any addresses will do, since nothing leaves the lab or its LAN is a real one.
 */
export function resolveNetworks(
  raw: RawLab['network'],
  { routed, anywhere }: { routed: boolean; anywhere: boolean },
  problems: Problems,
): Networks | undefined {
  const lan = resolveNetwork(raw.subnet, ['network', 'subnet'], problems, anywhere);
  const outside = resolveNetwork(raw.outside, ['network', 'outside'], problems, anywhere);
  if (!lan || !outside) return undefined;
  if (routed && (contains(lan, outside.base) || contains(outside, lan.base))) {
    const fix = 'Make «subnet» smaller, such as 198.18.0.0/16, or choose another «outside».';
    problems.add(['network'], `«subnet» ${raw.subnet} and «outside» ${raw.outside} overlap. ${fix}`);
    return undefined;
  }
  return { lan, outside };
}

function resolveNetwork(
  text: string,
  path: Path,
  problems: Problems,
  anywhere: boolean,
): Ipv4Network | undefined {
  const network = parseNetwork(text);
  if (!network) {
    problems.add(
      path,
      `${nameOf(path)} is «${text}»; expected a network such as 198.18.0.0/16.${withoutHostBits(text)}`,
    );
    return undefined;
  }
  const inRange =
    contains(benchmarkRange, network.base) && network.prefixLength >= benchmarkRange.prefixLength;
  if (!inRange && !anywhere) {
    const why = 'with this driver drlab uses only 198.18.0.0/15, which is reserved for benchmarks';
    problems.add(path, `${nameOf(path)} ${text} is not within 198.18.0.0/15; ${why}.`);
    return undefined;
  }
  if (network.prefixLength > 29) {
    problems.add(path, `${nameOf(path)} ${text} is too small for a lab; expected a prefix of at most 29.`);
    return undefined;
  }
  return network;
}

/** Says what the writer of 198.18.0.1/16 meant. */
function withoutHostBits(text: string): string {
  const [address = '', prefix = ''] = text.split('/');
  const parsed = parseIpv4(address);
  const prefixLength = Number(prefix);
  if (parsed === undefined || !/^\d{1,2}$/.test(prefix) || prefixLength > 32) return '';
  const base = parsed - (parsed % 2 ** (32 - prefixLength));
  return ` It has host bits set: the network is ${formatIpv4(base)}/${prefixLength}.`;
}

import { formatIpv4, type Ipv4Network } from '../../../util/ipv4.ts';
import { formatSubnet, holds, overlap, parseAddress, type Subnet, subnetOf } from '../../../util/subnet.ts';
import { andList } from '../../../util/words.ts';
import type { SegmentSpec } from '../../spec.ts';
import { didYouMean } from '../nearest.ts';
import type { Networks } from '../network.ts';
import type { Path, Problems } from '../problems.ts';
import type { RawLab } from '../schema.ts';

/** A segment with its networks as such. */
export type Segment = SegmentSpec & { networks: Subnet[]; path: Path };

/** The LAN and the network outside, of a lab whose hosts say more than one address each. */
export function builtInSegments({ lan, outside }: Networks, mtu: number): Segment[] {
  const named = (name: string, network: Ipv4Network, key: string): Segment => {
    const text = `${formatIpv4(network.base)}/${network.prefixLength}`;
    return { name, subnets: [text], mtu, networks: networksOf([text]), path: ['network', key] };
  };
  return [named('lan', lan, 'subnet'), named('outside', outside, 'outside')];
}

const plainSegment = { mtu: undefined, multicast: true, portSecurity: false };

export function resolveSegments(
  raw: NonNullable<RawLab['segments']>,
  network: RawLab['network'],
  problems: Problems,
): Segment[] {
  const found: Segment[] = [];
  for (const [name, given] of Object.entries(raw)) {
    const path: Path = ['segments', name];
    const { subnet, mtu, multicast, portSecurity } =
      typeof given === 'string' ? { ...plainSegment, subnet: given } : given;
    const subnets = typeof subnet === 'string' ? [subnet] : subnet;
    const segment: Segment = {
      ...{ name, subnets, mtu: mtu ?? network.mtu, networks: networksOf(subnets), path },
      ...(!multicast && { multicast: false }),
      ...(portSecurity && { portSecurity: true }),
    };
    if (subnets.length === 0) problems.add(path, `the segment «${name}» has no subnet; give it one.`);
    for (const text of subnets) checkSubnet(text, segment, found, problems);
    found.push(segment);
  }
  if (found.length === 0) problems.add(['segments'], '«segments» is empty; expected at least one segment.');
  return found;
}

const networksOf = (texts: string[]): Subnet[] => texts.flatMap((text) => subnetOf(text) ?? []);

function checkSubnet(text: string, segment: Segment, others: Segment[], problems: Problems): void {
  const { name, path } = segment;
  const [network] = networksOf([text]);
  if (!network) return;
  const meant = formatSubnet(network);
  const { prefixLength } = network;
  if (parseAddress(text.replace(/\/.*/, ''))?.value !== network.base)
    problems.add(path, `the subnet ${text} of «${name}» has host bits set: the network is ${meant}.`);
  else if (prefixLength > (network.family === 4 ? 30 : 126))
    problems.add(path, `the subnet ${text} of «${name}» is too small for two hosts.`);
  const special = specialRanges.find((range) => overlap(network, range.network));
  if (special) problems.add(path, `the subnet ${text} of «${name}» is in ${special.what}; choose another.`);
  const other = others.find(({ networks }) => networks.some((one) => overlap(one, network)));
  if (other)
    problems.add(
      path,
      `the subnet ${text} of «${name}» overlaps with ${andList(other.subnets)} of «${other.name}».`,
    );
}

/** RFC 6890: what no interface may have. */
const specialRanges = [
  ...[
    ['0.0.0.0/8', 'the range «this network»'],
    ['127.0.0.0/8', 'the loopback range'],
    ['224.0.0.0/3', 'the multicast and reserved ranges'],
    ['::/8', 'the loopback range'],
    ['fe80::/10', 'the link-local range'],
    ['ff00::/8', 'the multicast range'],
  ].flatMap(([text = '', what = '']) => networksOf([text]).map((network) => ({ network, what }))),
];

export const segmentOf = (segments: Segment[], address: string): Segment | undefined =>
  segments.find(({ networks }) => networks.some((network) => holds(network, address)));

/** The IPv4 networks, from which addresses are given out. */
export const ipv4Of = ({ networks }: Segment): Ipv4Network[] =>
  networks.flatMap(({ family, base, prefixLength }) =>
    family === 4 ? [{ base: Number(base), prefixLength }] : [],
  );

/** Reports a segment that is none. */
export function findSegment(
  segments: Segment[],
  name: string,
  path: Path,
  problems: Problems,
): Segment | undefined {
  const found = segments.find((segment) => segment.name === name);
  const names = segments.map((segment) => segment.name);
  if (!found)
    problems.add(
      path,
      `no segment is called «${name}».${didYouMean(name, names) || ` The segments are ${names.join(', ')}.`}`,
    );
  return found;
}

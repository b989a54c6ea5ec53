import { announcersOf, listenersOf, type Speaker } from '../../src/model/announced.ts';
import { type AnnounceSpec, type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { block } from './blocks.ts';

/** bird.conf of a director or a router, as bird 2 reads it; undefined for one that does not speak. Pure. */
export function birdConf(spec: LabSpec, { name }: HostSpec): string | undefined {
  const { announce } = spec.director;
  const [directors, routers] = [announcersOf(spec), listenersOf(spec)];
  const here = (some: Speaker[]): Speaker | undefined => some.find(({ host }) => host.name === name);
  const [director, router] = [here(directors), here(routers)];
  const self = director ?? router;
  if (!announce || !self) return undefined;
  const vips = vipsOf(spec).filter((vip) => !isIpv6(vip));
  const ours = `net ~ [ ${vips.map((vip) => `${vip}/32`).join(', ')} ]`;
  const peers = director ? routers : directors;
  const blocks = [
    ['log "bird.log" all;', `router id ${self.leg.ip};`, 'protocol device { }'],
    ...(director ? [['protocol direct { ipv4; interface "lo"; }']] : [intoKernel]),
    ...(announce.bfd ? [bfd(announce.bfd, self)] : []),
    ...peers.map((peer, i) =>
      block(`protocol bgp peer${i + 1}`, [
        `description "${peer.host.name}";`,
        ...session(announce, self, peer, director !== undefined),
        `ipv4 { import ${director ? 'none' : `where ${ours}`}; export ${director ? `where ${ours}` : 'none'}; };`,
      ]),
    ),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** All that are equally good become one route with a next hop each. */
const intoKernel = block('protocol kernel', [
  'ipv4 { import none; export where source = RTS_BGP; };',
  'merge paths on limit 64;',
]);

const bfd = ({ intervalMs, multiplier }: NonNullable<AnnounceSpec['bfd']>, { leg }: Speaker): string[] =>
  block('protocol bfd', [
    `interface "${leg.device}" { interval ${intervalMs} ms; multiplier ${multiplier}; };`,
  ]);

/** Whoever was gone is asked again soon: labs are short. */
function session(announce: AnnounceSpec, self: Speaker, peer: Speaker, isDirector: boolean): string[] {
  const [own, other] = isDirector ? [announce.asn, announce.routerAsn] : [announce.routerAsn, announce.asn];
  return [
    `local ${self.leg.ip} as ${own};`,
    `neighbor ${peer.leg.ip} as ${other};`,
    `hold time ${announce.holdS};`,
    'connect delay time 1; connect retry time 1; error wait time 1, 2;',
    ...(announce.bfd ? ['bfd on;'] : []),
  ];
}

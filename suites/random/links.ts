import type { HostSpec, Role } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, dev, type Kind, on } from './kind.ts';

const onTheWay: Role[] = ['realServer', 'realServer', 'director', 'client', 'router'];

const narrow: Kind = {
  name: 'mtu-small',
  family: 'mtu',
  draw(from) {
    const host = from.working(...onTheWay);
    const bytes = from.one([576, 900, 1280]);
    return {
      hosts: [host],
      breaks: `${dev(host)} of ${host.name} has an MTU of ${bytes}`,
      change: afterApply(() => on(host, `ip link set dev ${dev(host)} mtu ${bytes}`)),
      cause: /\bMTU\b|large|bigger|fragment/i,
    };
  },
};

/** What `netem` does to all that a host sends. */
const netem = (
  name: string,
  strengths: readonly string[],
  words: (strength: string, host: HostSpec) => string,
  cause: RegExp,
): Kind => ({
  name,
  family: 'qdiscs',
  draw(from: Draw) {
    const [host, strength] = [from.working(...onTheWay), from.one(strengths)];
    return {
      hosts: [host],
      breaks: words(strength, host),
      change: afterApply(() => on(host, `tc qdisc replace dev ${dev(host)} root netem ${strength}`)),
      cause: new RegExp(`${cause.source}|netem|qdisc`, 'i'),
    };
  },
});

const of = (what: string) => (strength: string, host: HostSpec) =>
  `${what} of what ${host.name} sends (netem ${strength})`;

export const links = [
  narrow,
  netem('loss', ['loss 20%', 'loss 35%', 'loss 50%'], of('loss'), /loss|lost|lossy/),
  netem('delay', ['delay 300ms', 'delay 600ms', 'delay 900ms'], of('delay'), /late|slow|delay/),
  netem(
    'rate',
    ['rate 16kbit limit 200', 'rate 32kbit limit 200', 'rate 64kbit limit 200'],
    of('a rate limit'),
    /late|slow|delay|rate|limit|lost/,
  ),
  netem(
    'reorder',
    ['delay 100ms reorder 50%', 'delay 300ms reorder 70%'],
    of('reordering'),
    /order|late|delay|slow/,
  ),
  netem(
    'duplicate',
    ['duplicate 30%', 'duplicate 60%', 'duplicate 100%'],
    of('duplicates'),
    /duplicate|twice|copies|repeated/,
  ),
  netem('corrupt', ['corrupt 20%', 'corrupt 40%'], of('corruption'), /corrupt|checksum|loss|lost|lossy/),
];

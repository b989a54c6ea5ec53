import { hostsOf } from '../../../src/model/spec.ts';
import { neighbour } from '../../../src/probe/neighbour.ts';
import { functional } from '../../common/coassert.ts';
import { routerPinned } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { sysctls } from '../../common/mutate.ts';
import { isPermanent, whyPinned } from '../../common/pinned.ts';
import { hostsWithMacs, on } from '../../common/remedy.ts';
import { hostOfMac, list, macsOf, observerOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { type Trace, traceRequests } from '../trace.ts';

interface Believing extends Trace {
  /** The entry for the VIP of the client, or of its router, after the requests. */
  entry?: { of: string; mac: string; state: string };
}

/** Both halves at once, per connection: what the client sends passes the director, every frame of it. */
export const requestsPassDirector = functional<Believing>({
  id: 'PP-05',
  suite: 'path',
  level: 'must',
  title: 'every frame from the client passes the director',
  requirement:
    'All segments that the client sends (SYN, ACK, data, FIN) go to the director, none to a real server.',
  source: 'LVS-HOWTO, LVS-DR; Linux ip_vs_in()',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'client-believes-real-server',
      breaks: 'arp_announce=0 and arp_ignore=0 on the real servers, so that the client bypasses the director',
      change: sysctls('realServer', {
        'net.ipv4.conf.all.arp_ignore': '0',
        'net.ipv4.conf.all.arp_announce': '0',
      }),
      reason: /straight to rs/,
    },
    routerPinned(/straight to rs1.*has a permanent neighbour entry/),
  ],
  async observe({ lab, evidence }) {
    const { name } = observerOf(lab.spec);
    // An entry that an earlier check left could hide a bypass, or show one that is gone.
    await lab.host(name).exec('ip neigh flush all');
    await traceRequests(lab, { save: async () => {} });
    const trace = await traceRequests(lab, evidence);
    const { mac, state } = (await neighbour(lab.host(name), trace.vip)) ?? {};
    return { ...trace, ...(mac !== undefined && { entry: { of: name, mac, state: state ?? '' } }) };
  },
  judge({ entry, ...trace }, { spec }) {
    const expected = `client frames to ${trace.vip} have the MAC of a director as destination`;
    const directors = macsOf(hostsOf(spec, 'director'));
    const sent = trace.frames.filter(
      (frame) =>
        // What a director wrapped and a router hands on is no longer the client's.
        !frame.outer &&
        frame.ip?.src === trace.cip &&
        frame.ip.dst === trace.vip &&
        !directors.has(frame.src),
    );
    if (sent.length === 0) return inconclusive(expected, 'the client sent no frame to the VIP');
    const bypassing = sent.filter((frame) => !directors.has(frame.dst));
    if (bypassing.length === 0) return pass(expected, `${sent.length} of ${sent.length} frames did`);
    const to = list(bypassing.map((frame) => hostOfMac(spec, frame.dst)?.name ?? frame.dst));
    const seen = `${bypassing.length} of ${sent.length} frames went straight to ${to}`;
    if (entry && isPermanent(entry.state) && bypassing.some(({ dst }) => dst === entry.mac))
      return fail(expected, seen, whyPinned(spec, { requester: entry.of, vip: trace.vip, mac: entry.mac }));
    return fail(expected, seen, {
      cause: `the neighbour entry of ${observerOf(spec).name} for ${trace.vip} is not the director: ${to} answers or announces the VIP`,
      remedy: [
        ...on(
          hostsWithMacs(
            spec,
            bypassing.map(({ dst }) => dst),
          ),
          'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
        ),
        ...on(observerOf(spec).name, `ip neigh flush to ${trace.vip}`),
      ],
    });
  },
});

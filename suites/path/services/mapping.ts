import { hostsOf } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { firstServer, onDirectors } from '../../common/mutate.ts';
import { advice, filtersOn, on } from '../../common/remedy.ts';
import { clientOf, hostOfMac, list, macsOf, realServersOf, serviceOf } from '../../common/subjects.ts';
import { ports, variety } from '../staged.ts';
import { addService, withRules } from './rules.ts';

interface Mapping {
  director: string;
  /** Ports of the real servers as the director lists them. */
  stored: number[];
  answers: Answer[];
  /** Destination ports of frames to real servers. */
  onWire: number[];
  /** Real servers that refused. */
  refusedBy: string[];
}

/** ipvsadm(8) and keepalived both put the port of the service in place of another one; Linux DR never touches ports. */
export const portsAreNotMapped = functional<Mapping>({
  id: 'PP-10',
  suite: 'path',
  level: 'must',
  title: 'a real server gets connections on the port of the service, whatever port it was added with',
  requirement:
    'DR cannot map ports: a real server added with another port is stored with that of the service, and the service must listen there.',
  source: 'ipvsadm(8); keepalived check_data.c; Linux ip_vs_dr_xmit()',
  needs: ['capture', 'director', 'ipvs', 'settableDirector'],
  stage: variety,
  mutants: [
    {
      id: 'listens-elsewhere',
      breaks: 'the service of one real server does not listen on that port of the VIP',
      change: firstServer({ listenOn: 'rip' }),
      reason: /refused by rs1/,
    },
    {
      id: 'ports-rewritten',
      breaks: 'a rule on the director rewrites the port',
      change: onDirectors(
        () =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ip u32 match ip protocol 6 0xff match ip dport ${ports.mapped} 0xffff action pedit ex munge tcp dport set ${ports.mappedTo} pipe csum ip and tcp`,
      ),
      reason: new RegExp(`${ports.mappedTo} on the wire`),
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = await activeDirector(lab, service.vip);
    const client = clientOf(lab.spec);
    const prober = await proberOn(lab, client.name);
    const name = `-t ${service.vip}:${ports.mapped}`;
    const servers = realServersOf(lab.spec, service).map(({ ip }) => `${ip}:${ports.mappedTo}`);
    const setUp = [`-D ${name}`, ...addService(name, '-s rr', servers)];
    return withRules(lab.host(director), setUp, async () => {
      const rules = await ipvs.rules(lab.host(director));
      const stored = rules.find((rule) => rule.protocol === 'tcp' && rule.port === ports.mapped);
      const capture = await lab.capture({ filter: `tcp and host ${client.ip} and host ${service.vip}` });
      const target = { ip: service.vip, port: ports.mapped };
      const answers = await prober.requests(target, { count: 2 * servers.length, timeoutMs: 1_000 });
      const pcap = await capture.stop();
      await evidence.save('mapped.pcap', pcap);
      const frames = decodePcap(pcap);
      const macs = macsOf(hostsOf(lab.spec, 'realServer'));
      const refused = frames.filter((one) => macs.has(one.src) && one.tcp?.flags.rst);
      return {
        director,
        stored: (stored?.realServers ?? []).map((server) => server.port),
        answers,
        onWire: [...new Set(frames.filter((one) => macs.has(one.dst)).map((one) => one.tcp?.dstPort ?? 0))],
        refusedBy: [...new Set(refused.map((one) => hostOfMac(lab.spec, one.src)?.name ?? one.src))],
      };
    });
  },
  judge({ director, stored, answers, onWire, refusedBy }, { spec }) {
    const expected = `added with port ${ports.mappedTo}, stored with ${ports.mapped}, ${ports.mapped} on the wire, every connection answered`;
    if (stored.length === 0 || onWire.length === 0)
      return inconclusive(expected, 'no rule, or no frame to a real server');
    const bad = answers.filter((answer) => !answer.ok);
    const seen = `stored with ${list(stored.map(String))}; ${list(onWire.map(String))} on the wire; ${answers.length - bad.length} of ${answers.length} answered`;
    if (onWire.some((port) => port !== ports.mapped))
      return fail(expected, seen, {
        cause: `a rule on ${director} rewrites ports, which answers that bypass the director do not undo`,
        remedy: [
          ...on(director, filtersOn(spec, 'egress')),
          ...advice(`let the service listen on ${ports.mapped} at the real servers`),
        ],
      });
    if (refusedBy.length > 0)
      return fail(expected, `${seen}, ${bad.length} refused by ${list(refusedBy)}`, {
        cause: `nothing listens on port ${ports.mapped} of the VIP on ${list(refusedBy)}`,
        remedy: [
          ...on(refusedBy, 'ss -ltn'),
          ...advice(`let the service listen on ${ports.mapped}, on the VIP or 0.0.0.0`),
        ],
      });
    if (bad.length === 0 && stored.every((port) => port === ports.mapped)) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${director} stored another port than that of the service, or connections were lost`,
      remedy: [...on(director, 'ipvsadm -Ln'), ...advice('add real servers without a port')],
    });
  },
});

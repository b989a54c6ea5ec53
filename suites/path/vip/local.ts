import { check } from '../../../src/model/check.ts';
import { hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { ProbeFailed } from '../../../src/probe/errors.ts';
import { activeDirector, addressesOf } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, deviceAt, on } from '../../common/remedy.ts';
import { clientOf, gatewayOf, macsOf, serviceOf, targetOf } from '../../common/subjects.ts';
import { variety } from '../staged.ts';

interface Phase {
  answered: number;
  of: number;
  forwarded: number;
}

const connections = 3;
const portOf = { asAddress: 47_510, notAtAll: 47_520, asRoute: 47_530 } as const;

interface Locality {
  director: string;
  asAddress: Phase;
  notAtAll: Phase;
  asRoute: Phase;
}

/**
 * Linux ip_vs_core.c: the hook is LOCAL_IN, which only packets for a local destination pass. In a lab without VRRP,
 * which would fight over the address.
 */
export const vipIsLocalToDirector = check<Locality>({
  id: 'PP-23',
  suite: 'path',
  level: 'must',
  title: 'the VIP is local to the director, as an address or as a route',
  requirement:
    'IPVS sees only packets for local destinations: with the VIP as an address it forwards, with neither address nor local route it forwards nothing, and a local route alone is enough.',
  source: 'Linux ip_vs_core.c (hook LOCAL_IN); ip-route(8), type local',
  needs: ['capture', 'director', 'ipvs', 'settableDirector'],
  stage: variety,
  mutants: [
    {
      id: 'local-table-passed-over',
      breaks: 'a routing rule of the director comes before its local table and hides the VIP',
      change: onDirectors(
        (spec) =>
          `ip rule add pref 1 lookup local
           ip rule del pref 0
           ip rule add pref 0 to ${serviceOf(spec, 'tcp').vip}/32 blackhole`,
      ),
      reason: /as an address 0 of 3.*is not local to d1/,
    },
    {
      id: 'local-by-another-route',
      breaks: 'a second, forgotten local route for the VIP, which outlives its removal',
      change: onDirectors((spec) => `ip route add local ${serviceOf(spec, 'tcp').vip}/32 dev lo metric 7`),
      reason: /without either 3 of 3.*another route/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const director = hostSpec(lab.spec, await activeDirector(lab, service.vip));
    const host = lab.host(director.name);
    const before = lab.host(gatewayOf(lab.spec, client).name);
    const prober = await proberOn(lab, client.name);
    const held = (await addressesOf(host)).find((one) => one.address === service.vip);
    if (!held) throw new ProbeFailed(`${director.name} lost ${service.vip} while we observed it`);
    const address = `${held.address}/${held.prefixLength} dev ${held.device}`;
    const target = targetOf(service);
    // Nobody answers for an address that nobody has, so it is routed to the director.
    const way = `${service.vip}/32 via ${director.ip}`;
    const capture = await lab.capture({
      filter: `tcp and dst host ${target.ip} and dst port ${target.port}`,
    });
    const ask = (fromPort: number) =>
      prober.requests(target, { count: connections, parallel: connections, fromPort, timeoutMs: 700 });
    await before.exec(`ip route add ${way}`);
    try {
      const first = await ask(portOf.asAddress);
      await host.exec(`ip addr del ${address}`);
      const second = await ask(portOf.notAtAll);
      await host.exec(`ip route add local ${service.vip}/32 dev lo`);
      const third = await ask(portOf.asRoute);
      const servers = macsOf(hostsOf(lab.spec, 'realServer'));
      const pcap = await capture.stop();
      await evidence.save('phases.pcap', pcap);
      const ports = decodePcap(pcap).flatMap((one) =>
        servers.has(one.dst) && one.tcp ? [one.tcp.srcPort] : [],
      );
      const phase = (answers: Answer[], from: number): Phase => ({
        answered: answers.filter((answer) => answer.ok).length,
        of: answers.length,
        forwarded: ports.filter((port) => port >= from && port < from + connections).length,
      });
      return {
        director: director.name,
        asAddress: phase(first, portOf.asAddress),
        notAtAll: phase(second, portOf.notAtAll),
        asRoute: phase(third, portOf.asRoute),
      };
    } finally {
      await host.exec(
        `ip route del local ${service.vip}/32 dev lo metric 0 2>&-; ip addr replace ${address}`,
      );
      await before.exec(`ip route del ${way}`);
    }
  },
  judge({ director, asAddress, notAtAll, asRoute }, { spec }) {
    const { vip } = serviceOf(spec, 'tcp');
    const of = ({ answered, of }: Phase) => `${answered} of ${of}`;
    const expected = `answered with ${vip} as an address ${of({ ...asAddress, answered: asAddress.of })}, without either 0, as a local route all`;
    const seen = `answered with ${vip} as an address ${of(asAddress)}, without either ${of(notAtAll)} (${notAtAll.forwarded} frames forwarded), as a local route ${of(asRoute)}`;
    if (asAddress.of === 0 || notAtAll.of === 0 || asRoute.of === 0)
      return inconclusive(expected, 'no connection was tried');
    if (asAddress.answered > 0 && asAddress.forwarded === 0)
      return inconclusive(expected, `no frame to a real server was captured; ${seen}`);
    if (asAddress.answered < asAddress.of || asRoute.answered < asRoute.of)
      return fail(expected, seen, {
        cause: `${vip} is not local to ${director}: a routing rule or a missing route hides it`,
        remedy: on(
          director,
          `ip route get ${vip}`,
          'ip rule',
          `ip addr add ${vip}/32 dev ${deviceAt(spec, director)}`,
        ),
      });
    if (notAtAll.answered === 0 && notAtAll.forwarded === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${vip} stays local to ${director} by another route, though its address is gone`,
      remedy: [
        ...on(director, `ip route show table local ${vip}`),
        ...advice('delete what should not be there'),
      ],
    });
  },
});

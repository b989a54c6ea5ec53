import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { until } from '../../../src/util/until.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import {
  clientOf,
  count,
  gatewayOf,
  hostOfMac,
  list,
  realServersOf,
  serviceOf,
} from '../../common/subjects.ts';
import { ports, variety } from '../staged.ts';

interface Counted {
  director: string;
  /** As `ipvsadm --stats` shows the service, which nothing but this check uses. */
  shown: ipvs.Counters | null;
  /** What the client sent to it, from the capture. */
  captured: { connections: number; packets: number; bytes: number };
  /** Hosts that the client's frames were for. */
  towards: string[];
}

/** The line of a service: `TCP VIP:PORT conns inpkts outpkts inbytes outbytes`. */
const shownBy = (text: string, service: string): ipvs.Counters | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`TCP  ${service} `));
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] =
    line?.trim().split(/\s+/).slice(2).map(Number) ?? [];
  return line === undefined ? undefined : { connections, inPackets, outPackets, inBytes, outBytes };
};

/** Linux ip_vs_est.c refreshes what is shown every 2 s; ip_vs_in_stats() counts what passes, headers and all. */
export const statsAgree = functional<Counted>({
  id: 'PP-25',
  suite: 'path',
  level: 'should',
  title: 'the counters of the director agree with the wire',
  requirement:
    'Conns, InPkts and InBytes of a service are what clients sent to it; OutPkts and OutBytes are 0, since answers do not pass.',
  source: 'ipvsadm(8) --stats; Linux ip_vs_in_stats(), ip_vs_est.c',
  needs: ['capture', 'ipvs', 'director'],
  stage: variety,
  mutants: [
    {
      id: 'director-bypassed',
      breaks: 'the client has one real server as its neighbour for the VIP',
      change: afterApply((spec) => {
        const service = serviceOf(spec, 'tcp');
        const { name } = gatewayOf(spec, clientOf(spec));
        return `ip -n ${name} neigh replace ${service.vip} lladdr ${realServersOf(spec, service)[0]?.mac} dev eth0 nud permanent`;
      }),
      reason: /Conns 0.*rs1, bypassing d1/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const name = await activeDirector(lab, service.vip);
    const director = lab.host(name);
    const prober = await proberOn(lab, client.name);
    const target = { ip: service.vip, port: ports.counted };
    const capture = await lab.capture({
      filter: `tcp and src host ${client.ip} and dst host ${target.ip} and dst port ${target.port}`,
    });
    await prober.requests(target, { count: 2 * service.realServers.length });
    // The client's FIN is the last thing that counts.
    const closed = async () => {
      const table = (await ipvs.connections(director)).filter((one) => one.vport === target.port);
      return table.every((one) => one.state !== 'ESTABLISHED' && one.state !== 'SYN_RECV') || undefined;
    };
    await until('connections to be closed', closed, { withinMs: 5_000, everyMs: 50 });
    const pcap = await capture.stop();
    await evidence.save('requests.pcap', pcap);
    const mac = gatewayOf(lab.spec, client).mac;
    const sent = decodePcap(pcap).filter((one) => one.src === mac);
    const show = async () =>
      shownBy((await director.exec('ipvsadm -Ln --stats --exact')).stdout, `${target.ip}:${target.port}`);
    // Shown late by 2 s at the most; after 5 s it is what it is.
    let shown = await show();
    const caughtUp = async () => {
      shown = await show();
      return (shown?.inPackets ?? 0) >= sent.length || undefined;
    };
    await until('the counters', caughtUp, { withinMs: 5_000, everyMs: 250 }).catch(() => undefined);
    return {
      director: name,
      shown: shown ?? null,
      captured: {
        connections: sent.filter((one) => one.tcp?.flags.syn).length,
        packets: sent.length,
        bytes: sent.reduce((sum, one) => sum + (one.ip?.totalBytes ?? 0), 0),
      },
      towards: [...new Set(sent.map((one) => hostOfMac(lab.spec, one.dst)?.name ?? one.dst))],
    };
  },
  judge({ director, shown, captured, towards }, { spec }) {
    const { vip } = serviceOf(spec, 'tcp');
    const expected = `Conns ${captured.connections}, InPkts ${captured.packets}, InBytes ${captured.bytes}, OutPkts 0, OutBytes 0`;
    if (captured.connections === 0) return inconclusive(expected, 'no SYN of the client was captured');
    if (!shown) return inconclusive(expected, `${director} does not list the service`);
    const seen = `Conns ${shown.connections}, InPkts ${shown.inPackets}, InBytes ${shown.inBytes}, OutPkts ${shown.outPackets}, OutBytes ${shown.outBytes}`;
    const agree =
      shown.connections === captured.connections &&
      shown.inPackets === captured.packets &&
      shown.inBytes === captured.bytes;
    if (agree && shown.outPackets === 0 && shown.outBytes === 0) return pass(expected, seen);
    const past = towards.filter((host) => host !== director);
    const gateway = gatewayOf(spec, clientOf(spec)).name;
    return fail(expected, seen, {
      cause:
        past.length > 0
          ? `${count(captured.packets, 'packet')} of the client went to ${list(past)}, bypassing ${director}`
          : agree
            ? `answers pass ${director}: the service does not forward by DR`
            : `${director} counts something other than what came in`,
      remedy: [...on(gateway, `ip neigh flush to ${vip}`), ...on(director, 'ipvsadm -Ln --stats')],
    });
  },
});

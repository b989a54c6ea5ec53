import { hasIpvs } from '../../src/model/director-kinds.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import type { Frame } from '../../src/probe/frame.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from '../common/barrier.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { withVip } from '../common/methods.ts';
import { afterApply } from '../common/mutate.ts';
import { advice } from '../common/remedy.ts';
import { clientOf, list, realServersOf, serviceOf, takerOf, targetOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';

/*
 *   client ──▶ director ──▶ real server
 *      ◀──── switch port ◀── from the VIP      a switch or firewall that knows the VIP at the director's port only
 *              ╳                               takes this for an attack
 */

interface Arrivals {
  /** SYN-ACKs from the VIP that left each real server, and those of them that came to the client's side. */
  servers: { name: string; left: number; arrived: number }[];
  towards: string;
  answers: Answer[];
}

/** At most this many real servers are captured at. */
const looksAt = 4;

const dropAtSwitch = (spec: LabSpec): string => {
  const { vip } = serviceOf(spec, 'tcp');
  const mac = hostsOf(spec, 'realServer')[0]?.mac;
  // Where the director is not IPVS the kernel is the machine's own, which need not have tc's actions.
  if (!hasIpvs(spec.director.kind))
    return `ip netns exec switch nft 'table bridge guard {
      chain in { type filter hook prerouting priority 0; ether saddr ${mac} ip saddr ${vip} drop; }
    }'`;
  return `ip netns exec switch sh -ec '
    for port in $(ip -o link show type bridge_slave | sed "s/^[0-9]*: //; s/[@:].*//"); do
      tc qdisc add dev $port clsact
      tc filter add dev $port ingress protocol ip u32 match ether src ${mac} match ip src ${vip}/32 action drop
    done'`;
};

export const answersCrossSegment = functional<Arrivals>({
  id: 'FW-11',
  suite: 'firewall',
  level: 'should',
  title: 'switches and firewalls on the way let real servers speak for the VIP',
  requirement:
    'Answers with the VIP as source that leave a real server reach the client or its router, though requests to the VIP go to another port and another MAC.',
  source:
    'LVS-HOWTO, LVS-DR; RFC 3704 (unicast reverse path filters), port security and ARP inspection of switches',
  forwards: withVip,
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [
    {
      id: 'port-security',
      breaks: 'the switch drops packets from the VIP on the port of one real server',
      change: afterApply(dropAtSwitch),
      reason: /0 of \d+ of rs1.*between rs1 and c1/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const servers = realServersOf(lab.spec, service).slice(0, looksAt);
    const [first] = servers;
    if (!first) throw new Error(`the service on port ${service.port} has no real server`);
    const { host: towards, leg } = takerOf(lab.spec, first, client);
    const filter = `tcp src port ${service.port} and src host ${service.vip} and dst host ${client.ip} and tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)`;
    const prober = await proberOn(lab, client.name);
    const names = servers.map((one) => one.name);
    const arrivals = await lab.capture({ filter, at: towards.name, device: leg.device });
    const captures = await Promise.all(names.map((at) => lab.capture({ filter, at })));
    const answers = await prober.requests(targetOf(service), {
      count: Math.min(2 * service.realServers.length, 20),
      parallel: 4,
      timeoutMs: 600,
    });
    // First those at the real servers: what they saw leave has arrived when an echo of theirs has.
    const pcaps = await Promise.all(captures.map((one) => one.stop()));
    await barrier(
      lab.host(towards.name),
      servers.map(({ ip }) => ip),
    );
    const pcap = await arrivals.stop();
    await evidence.save(`${towards.name}.pcap`, pcap);
    await Promise.all(pcaps.map((pcap, i) => evidence.save(`${names[i]}.pcap`, pcap)));
    const arrived = new Set(decodePcap(pcap).map(packetOf));
    return {
      towards: towards.name,
      answers,
      servers: servers.map(({ name }, i) => {
        const left = [...new Set(decodePcap(pcaps[i] ?? new Uint8Array()).map(packetOf))];
        return { name, left: left.length, arrived: left.filter((packet) => arrived.has(packet)).length };
      }),
    };
  },
  judge({ servers, towards, answers }) {
    const expected = `each SYN-ACK that leaves a real server arrives at ${towards}`;
    const said = servers.map((one) => `${one.arrived} of ${one.left} of ${one.name}`);
    const seen = `${said.join(', ')} arrived; ${answers.filter((one) => one.ok).length} of ${answers.length} connections answered`;
    if (servers.every((one) => one.left === 0))
      return inconclusive(expected, `no real server answered; ${seen}`);
    const stopped = list(servers.filter((one) => one.arrived < one.left).map((one) => one.name));
    if (stopped === 'none') return pass(expected, seen);
    return fail(expected, seen, {
      cause: `something between ${stopped} and ${towards} drops packets from the VIP: port security, ARP inspection or a reverse path filter`,
      remedy: advice(
        `on the switch: allow the VIP as source on the ports of ${stopped}; on firewalls: no state, no uRPF for the VIP`,
      ),
    });
  },
});

const packetOf = ({ tcp }: Frame): string => `${tcp?.dstPort} ${tcp?.seq} ${tcp?.ack}`;

import { check, type Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { flushNeighbours, holdersOf, neighbour } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { onServerElsewhere, routerPinned } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { isPermanent, whyPinned } from '../common/pinned.ts';
import { advice, deviceAt, on, toTellApart } from '../common/remedy.ts';
import {
  clientOf,
  gatewayOf,
  hostOfMac,
  list,
  macsOf,
  nameOfMac,
  serviceOf,
  soonMs,
  targetOf,
} from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import { type Answerer, answererOn, whyAnswering, whyAsking } from './answerer.ts';
import { announcedToRouter, announceMutants } from './mutants.ts';

/*
 *   client ◀──answer, source VIP── rs1          rs1 must first resolve the client's MAC:
 *          ◀──who-has client, tell RIP── rs1    right  (arp_announce=2)
 *          ◀──who-has client, tell VIP── rs1    wrong: the client now believes that rs1 is the VIP
 */

interface Traffic {
  vip: string;
  holders: string[];
  requests: number;
  answered: number;
}

/** Makes every real server resolve its way back to the client, by traffic on empty neighbour tables. */
async function trafficOnEmptyTables(lab: Lab): Promise<Traffic> {
  const service = serviceOf(lab.spec, 'tcp');
  await flushNeighbours(hostsOf(lab.spec, 'realServer').map((host) => lab.host(host.name)));
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const count = 2 * service.realServers.length;
  const o = { count, parallel: Math.min(count, 16), timeoutMs: soonMs(lab.spec) };
  const answers = await prober.requests(targetOf(service), o);
  return {
    vip: service.vip,
    holders: await holdersOf(lab, service.vip),
    requests: answers.length,
    answered: answers.filter((answer) => answer.ok).length,
  };
}

/** ARP frames of real servers, by the MAC and the address that they name as sender. */
interface Sent {
  mac: string;
  senderIp: string;
  /** 1: request, 2: reply. */
  op: number;
}

interface Announcing extends Traffic {
  sent: Sent[];
  /** What those have set that named the VIP as sender. */
  senders?: Answerer[];
}

async function sentDuring(lab: Lab, evidence: Evidence): Promise<Announcing> {
  const capture = await lab.capture({ filter: 'arp' });
  const traffic = await trafficOnEmptyTables(lab);
  const pcap = await capture.stop();
  await evidence.save('arp.pcap', pcap);
  const macs = macsOf(hostsOf(lab.spec, 'realServer'));
  const sent = decodePcap(pcap).flatMap(({ src, arp }) =>
    arp && macs.has(src) ? [{ mac: src, senderIp: arp.senderIp, op: arp.op }] : [],
  );
  const loud = new Set(sent.flatMap(({ mac, senderIp }) => (senderIp === traffic.vip ? [mac] : [])));
  const senders = await answerersAt(lab, loud);
  return { ...traffic, sent, ...(senders.length > 0 && { senders }) };
}

const answerersAt = (lab: Lab, macs: ReadonlySet<string>): Promise<Answerer[]> =>
  Promise.all(
    lab.spec.hosts
      .filter(({ role, mac }) => role !== 'director' && macs.has(mac))
      .map(({ name }) => answererOn(lab, name)),
  );

/** A reply names the VIP because of arp_ignore or of where it is, a request because of arp_announce. */
function explain(
  spec: LabSpec,
  { vip, sent, senders = [] }: { vip: string; sent: Sent[]; senders?: Answerer[] | undefined },
  hosts: string[],
): Why {
  if (sent.every((one) => one.op !== 2)) return whyAsking(vip, hosts, senders[0]);
  if (senders.length > 0) return whyAnswering(spec, vip, senders);
  return {
    cause: `${list(hosts)} answers ARP for the VIP: it has it on its interface to the segment, or arp_ignore is 0`,
    remedy: toTellApart(on(hosts, `ip addr show to ${vip}`, 'sysctl -a -r arp_ignore')),
  };
}

/** Why somebody's entry is that of a host which sent no ARP for the VIP while we listened to real servers. */
function explainEntry(
  spec: LabSpec,
  { vip, requester, mac, state, owner }: NeighbourEntry & { mac: string },
): Why {
  if (isPermanent(state)) return whyPinned(spec, { requester, vip, mac });
  if (owner && owner.vipDevices.length > 0 && hostOfMac(spec, mac)?.role !== 'realServer')
    return whyAnswering(spec, vip, [owner]);
  const host = hostOfMac(spec, mac)?.name ?? `the unknown host ${mac}`;
  return {
    cause: `${host} was taken for the VIP before these connections, and sent no ARP for it now`,
    remedy: [
      ...on(requester, `ip neigh flush to ${vip}`, `arping -c 3 -I ${deviceAt(spec, requester)} ${vip}`),
      ...advice('see ARP-01'),
    ],
  };
}

interface NeighbourEntry extends Announcing {
  requester: string;
  mac: string | null;
  state: string;
  /** Whose MAC that is, where it is no director's. */
  owner?: Answerer;
}

/** ip-sysctl.rst arp_announce: 0 copies the packet's source, here the VIP, into the ARP request. */
export const neighbourStaysDirector = check<NeighbourEntry>({
  id: 'ARP-02',
  suite: 'arp',
  level: 'must',
  title: 'after traffic the neighbour entry for the VIP is still the director',
  requirement:
    'Traffic that the real servers originate must not redirect the VIP in anybody’s neighbour table.',
  source: 'Linux ip-sysctl.rst (arp_announce); RFC 826 packet reception',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  follows: ['vipAtDirector', 'serviceAnswers'],
  establishes: ['framesToDirector'],
  mutants: [
    ...announceMutants(/is the MAC of rs/),
    routerPinned(/\S+ has a permanent neighbour entry for .* with the MAC of rs1/),
  ],
  async observe({ lab, evidence }) {
    const gateway = gatewayOf(lab.spec, clientOf(lab.spec));
    const traffic = await sentDuring(lab, evidence);
    const entry = await neighbour(lab.host(gateway.name), traffic.vip);
    const table = await lab.host(gateway.name).exec('ip neigh show');
    await evidence.save(`neighbours-${gateway.name}.txt`, table.stdout);
    const [owner] = await answerersAt(lab, new Set(entry?.mac ? [entry.mac] : []));
    return {
      ...traffic,
      ...(owner && { owner }),
      requester: gateway.name,
      mac: entry?.mac ?? null,
      state: entry?.state ?? 'none',
    };
  },
  judge(observed, { spec }) {
    const { vip, holders, answered, requester, mac, state, sent, senders } = observed;
    const expected = `${requester} has ${vip} at the MAC of ${list(holders)}`;
    if (mac === null) return inconclusive(expected, `${requester} has no entry for ${vip} (state ${state})`);
    const owner = hostOfMac(spec, mac);
    const seen = `the entry of ${requester} for ${vip} is the MAC of ${nameOfMac(spec, mac)}`;
    if (owner?.role === 'director')
      return answered > 0 ? pass(expected, seen) : inconclusive(expected, `${seen}; no request was answered`);
    const named = sent.filter((one) => one.mac === mac && one.senderIp === vip);
    const own = senders?.filter(({ host }) => host === owner?.name);
    const why =
      named.length === 0 || isPermanent(state)
        ? explainEntry(spec, { ...observed, mac })
        : explain(spec, { vip, sent: named, senders: own }, [owner?.name ?? mac]);
    // Who wrote a permanent entry, or else who was believed.
    const hosts = [isPermanent(state) ? requester : (owner?.name ?? requester)];
    return {
      ...fail(expected, seen, why),
      refutes: [{ precondition: 'framesToDirector', hosts, of: vip }],
    };
  },
});

export const noArpFromVip = check<Announcing>({
  id: 'ARP-03',
  suite: 'arp',
  level: 'must',
  title: 'no real server names the VIP as sender of an ARP frame',
  requirement: 'No ARP frame that a real server sends carries the VIP as sender protocol address.',
  source: 'RFC 826; RFC 5227; Linux ip-sysctl.rst (arp_announce)',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  follows: ['vipAtDirector', 'serviceAnswers'],
  mutants: [
    ...announceMutants(/as sender/),
    onServerElsewhere(
      {
        id: 'announced-to-the-router',
        breaks: 'arp_announce=0 on one real server, which has static entries for all but the router',
        reason: /sent by rs1, had .* as sender/,
      },
      announcedToRouter,
    ),
  ],
  observe: ({ lab, evidence }) => sentDuring(lab, evidence),
  judge({ vip, answered, sent, senders }, { spec }) {
    const expected = `real servers name their RIP, never ${vip}`;
    if (sent.length === 0) return inconclusive(expected, 'no real server sent any ARP frame');
    const bad = sent.filter((one) => one.senderIp === vip);
    const culprits = bad.map((one) => hostOfMac(spec, one.mac)?.name ?? one.mac);
    const seen = `${sent.length} ARP frames of real servers, none from ${vip}`;
    if (bad.length === 0)
      return answered > 0 ? pass(expected, seen) : inconclusive(expected, `${seen}; no request was answered`);
    return fail(
      expected,
      `${bad.length} of ${sent.length} ARP frames, sent by ${list(culprits)}, had ${vip} as sender`,
      explain(spec, { vip, sent: bad, senders }, culprits),
    );
  },
});

import { check, type Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { flushNeighbours, holdersOf, neighbour } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import {
  clientOf,
  gatewayOf,
  hostOfMac,
  list,
  macsOf,
  nameOfMac,
  serviceOf,
  targetOf,
} from '../common/subjects.ts';
import { announceMutants } from './mutants.ts';

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
  const answers = await prober.requests(targetOf(service), { count: 2 * service.realServers.length });
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

async function sentDuring(lab: Lab, evidence: Evidence): Promise<Traffic & { sent: Sent[] }> {
  const capture = await lab.capture({ filter: 'arp' });
  const traffic = await trafficOnEmptyTables(lab);
  const pcap = await capture.stop();
  await evidence.save('arp.pcap', pcap);
  const macs = macsOf(hostsOf(lab.spec, 'realServer'));
  const sent = decodePcap(pcap).flatMap(({ src, arp }) =>
    arp && macs.has(src) ? [{ mac: src, senderIp: arp.senderIp, op: arp.op }] : [],
  );
  return { ...traffic, sent };
}

/** A reply names the VIP because of arp_ignore, a request because of arp_announce. */
function explain(sent: Sent[], hosts: string): { cause: string; remedy: string } {
  if (sent.length === 0)
    return {
      cause: `the entry for ${hosts} was there before, or is permanent: it sent no ARP for the VIP now`,
      remedy: 'ip neigh show; ip neigh del the entry, and see ARP-01',
    };
  if (sent.some((one) => one.op === 2))
    return {
      cause: `${hosts} answers ARP for the VIP: arp_ignore is 0`,
      remedy: `on ${hosts}: sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2`,
    };
  return {
    cause: `${hosts} asks with the VIP as sender: arp_announce is below 2`,
    remedy: `on ${hosts}: sysctl -w net.ipv4.conf.all.arp_announce=2`,
  };
}

interface NeighbourEntry extends Traffic {
  sent: Sent[];
  requester: string;
  mac: string | null;
  state: string;
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
  mutants: announceMutants(/is the MAC of rs/),
  async observe({ lab, evidence }) {
    const gateway = gatewayOf(lab.spec, clientOf(lab.spec));
    const traffic = await sentDuring(lab, evidence);
    const entry = await neighbour(lab.host(gateway.name), traffic.vip);
    const table = await lab.host(gateway.name).exec('ip neigh show');
    await evidence.save(`neighbours-${gateway.name}.txt`, table.stdout);
    return { ...traffic, requester: gateway.name, mac: entry?.mac ?? null, state: entry?.state ?? 'none' };
  },
  judge({ vip, holders, answered, requester, mac, state, sent }, { spec }) {
    const expected = `${requester} has ${vip} at the MAC of ${list(holders)}`;
    if (mac === null) return inconclusive(expected, `${requester} has no entry for ${vip} (state ${state})`);
    const owner = hostOfMac(spec, mac);
    const seen = `the entry of ${requester} for ${vip} is the MAC of ${nameOfMac(spec, mac)}`;
    if (owner?.role === 'director')
      return answered > 0 ? pass(expected, seen) : inconclusive(expected, `${seen}; no request was answered`);
    const named = sent.filter((one) => one.mac === mac && one.senderIp === vip);
    return fail(expected, seen, explain(named, owner?.name ?? 'an unknown host'));
  },
});

interface Announcing extends Traffic {
  sent: Sent[];
}

export const noArpFromVip = check<Announcing>({
  id: 'ARP-03',
  suite: 'arp',
  level: 'must',
  title: 'no real server names the VIP as sender of an ARP frame',
  requirement: 'No ARP frame that a real server sends carries the VIP as sender protocol address.',
  source: 'RFC 826; RFC 5227; Linux ip-sysctl.rst (arp_announce)',
  needs: ['capture', 'director'],
  mutants: announceMutants(/as sender/),
  observe: ({ lab, evidence }) => sentDuring(lab, evidence),
  judge({ vip, answered, sent }, { spec }) {
    const expected = `real servers name their RIP, never ${vip}`;
    if (sent.length === 0) return inconclusive(expected, 'no real server sent any ARP frame');
    const bad = sent.filter((one) => one.senderIp === vip);
    const culprits = list(bad.map((one) => hostOfMac(spec, one.mac)?.name ?? one.mac));
    const seen = `${sent.length} ARP frames of real servers, none from ${vip}`;
    if (bad.length === 0)
      return answered > 0 ? pass(expected, seen) : inconclusive(expected, `${seen}; no request was answered`);
    return fail(
      expected,
      `${bad.length} of ${sent.length} ARP frames, sent by ${culprits}, had ${vip} as sender`,
      explain(bad, culprits),
    );
  },
});

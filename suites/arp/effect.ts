import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { ask } from '../../src/probe/asking.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { flushNeighbours, holdersOf } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { hostOfMac, list, macsOf, nameOfMac, targetOf } from '../common/subjects.ts';

/** What ARP settings come to on the wire, whatever the settings are: ARP-01, ARP-02 and ARP-03 in one look. */
export interface Effect {
  requester: string;
  vips: {
    vip: string;
    /** Directors that have it. */
    holders: string[];
    /** MACs that answered an ARP request of the requester. */
    repliers: string[];
    /** MAC of the requester's entry after traffic on empty tables. */
    neighbour: string | null;
  }[];
  /** Who answered each request of the client; `? (ERROR)` where nobody did. */
  servers: string[];
  /** ARP frames of real servers with a VIP as sender that were no answer to us: their MACs. */
  announcing: string[];
}

/**
 * Empties the neighbour tables of the requester and the real servers, sends `perServer` requests for each real server
 * to each service while capturing ARP, then reads the requester's entries and asks for each VIP.
 * @param client sends the requests; @param requester is on the segment: the client itself or its router
 */
export async function effectOf(
  lab: Lab,
  evidence: Evidence,
  { client, requester, services }: { client: string; requester: HostSpec; services: ServiceSpec[] },
): Promise<Effect> {
  const servers = hostsOf(lab.spec, 'realServer');
  const vips = [...new Set(services.map((service) => service.vip))];
  const prober = await proberOn(lab, client);
  await flushNeighbours([requester, ...servers].map((host) => lab.host(host.name)));
  const capture = await lab.capture({ filter: 'arp' });
  const answers = [];
  for (const service of services) {
    const count = 2 * service.realServers.length;
    answers.push(...(await prober.requests(targetOf(service), { count, timeoutMs: 2_000 })));
  }
  const asking = { device: deviceOf(requester), mac: requester.mac, ip: requester.ip };
  const [asked, holders] = await Promise.all([
    ask(lab.host(requester.name), asking, vips),
    Promise.all(vips.map((vip) => holdersOf(lab, vip))),
  ]);
  const pcap = await capture.stop();
  await evidence.save('arp.pcap', pcap);
  const macs = macsOf(servers);
  return {
    requester: requester.name,
    vips: vips.map((vip, i) => ({
      vip,
      holders: holders[i] ?? [],
      repliers: asked.repliers.filter(({ ip }) => ip === vip).map(({ mac }) => mac),
      neighbour: asked.neighbours.find(({ ip }) => ip === vip)?.mac ?? null,
    })),
    servers: answers.map(({ server, error }) => server ?? `? (${error})`),
    announcing: decodePcap(pcap).flatMap(({ src, arp }) =>
      arp?.op === 1 && macs.has(src) && vips.includes(arp.senderIp) ? [src] : [],
    ),
  };
}

/** Everything wrong with an effect, each as what is seen and the host to blame. */
export function wrongs(effect: Effect, spec: LabSpec): { seen: string; host: string }[] {
  const found: { seen: string; host: string }[] = [];
  const blame = (mac: string): string => hostOfMac(spec, mac)?.name ?? `an unknown host (${mac})`;
  for (const { vip, holders, repliers, neighbour } of effect.vips) {
    // Then nobody knows whose it is: that is missing, not wrong.
    if (holders.length === 0) continue;
    const rightful = macsOf(hostsOf(spec, 'director').filter(({ name }) => holders.includes(name)));
    for (const mac of repliers.filter((one) => !rightful.has(one)))
      found.push({ seen: `${nameOfMac(spec, mac)} answers ARP for ${vip}`, host: blame(mac) });
    if (neighbour !== null && !rightful.has(neighbour))
      found.push({
        seen: `${effect.requester} has ${vip} at ${nameOfMac(spec, neighbour)}`,
        host: blame(neighbour),
      });
  }
  for (const mac of new Set(effect.announcing))
    found.push({ seen: `${nameOfMac(spec, mac)} asks with a VIP as sender`, host: blame(mac) });
  return found;
}

/** What is missing from an effect before it can be judged; undefined when nothing is. */
export function unseen({ vips, servers, requester }: Effect): string | undefined {
  const nobodys = vips.filter(({ holders }) => holders.length === 0).map(({ vip }) => vip);
  if (nobodys.length > 0) return `no director has ${list(nobodys)}`;
  const silent = vips.filter(({ repliers }) => repliers.length === 0).map(({ vip }) => vip);
  if (silent.length > 0) return `nobody answered an ARP request for ${list(silent)}`;
  const unknown = vips.filter(({ neighbour }) => neighbour === null).map(({ vip }) => vip);
  if (unknown.length > 0) return `${requester} has no neighbour entry for ${list(unknown)}`;
  return servers.length === 0 ? 'no request was sent' : undefined;
}

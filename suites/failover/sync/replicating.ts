import type { Observing } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { inject } from '../../../src/probe/inject.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { clientOf } from '../../common/subjects.ts';
import { type SyncMessage, syncFrame, syncMessages } from './messages.ts';
import { silentConnections } from './silent.ts';
import { directorsOf } from './stage.ts';
import { type Said, saidBy, takenOver } from './takeover.ts';
import { knownOf, portsOn } from './waiting.ts';

/** One connection, from the third packet of its client to the message about it. */
export interface Told {
  port: number;
  /** Packets of the client that the director had forwarded by the end of the capture. */
  packets: number;
  /** From the third packet to the first sync message with this connection, on the wire; null where one is missing. */
  afterMs: number | null;
  onStandby: boolean;
}

/**
 * What the first four checks of synchronisation judge: the same connections, seen from four sides. It takes the three
 * seconds that the daemons take, so it is done once for a lab.
 */
export interface Replicated {
  /** Connections that asked and were answered: four packets of the client each. */
  talking: Told[];
  /** Connections of which the director saw SYN and ACK. */
  silent: Told[];
  messages: (Pick<SyncMessage, 'group' | 'port' | 'ttl' | 'syncId' | 'version'> & { from: string })[];
  /** Whether the standby took an entry from a message with its own sync id, and from one with another. */
  taken: { own: boolean; foreign: boolean };
  daemons: { active: string; standby: string };
  /** `net.ipv4.vs.sync_threshold` of the active director. */
  threshold: string;
  before: Said[];
  /** After the take-over, on the same connections. */
  after: Said[];
  silentAfter: string[];
  /** Who had the VIP, and who did not; missing: as the lab says. */
  pair?: { active: string; standby: string };
}

const done = new WeakMap<Lab, Promise<Replicated>>();

export function replicated(on: Observing): Promise<Replicated> {
  const known = done.get(on.lab);
  if (known) return known;
  const first = replicate(on);
  done.set(on.lab, first);
  return first;
}

async function replicate({ lab, evidence, note }: Observing): Promise<Replicated> {
  const { vip, port, ...meant } = directorsOf(lab.spec);
  const isAsMeant = (await activeDirector(lab, vip)) === meant.active.name;
  const [active, standby] = isAsMeant ? [meant.active, meant.standby] : [meant.standby, meant.active];
  const pair = { active, standby };
  const client = clientOf(lab.spec);
  const target = { ip: vip, port };
  const capture = await lab.capture({
    filter: `(udp and dst net 224.0.0.0/8) or (tcp and dst host ${vip} and dst port ${port})`,
  });
  const prober = await proberOn(lab, client.name);
  await using silent = await silentConnections(lab, client.name, target, 2);
  const held = await prober.hold(target, { count: 3 });
  const before = saidBy(held.answers);
  // Where VRRP moves the VIP, nobody else may.
  const overTheOther = async (): Promise<[Said[], string[]]> => {
    if (lab.spec.director.vrrp) return [[], []];
    note(`${standby.name} takes the VIP over`);
    return takenOver(lab, async () => [saidBy(await held.ask()), await silent.speak()]);
  };
  try {
    note(`waiting until ${standby.name} knows of the connections`);
    const want = before.map(({ port }) => port);
    await knownOf(lab, standby, port, want);
    const taken = await forge(lab, pair);
    const onStandby = await portsOn(lab, standby, port);
    const pcap = await capture.stop();
    await evidence.save('sync.pcap', pcap);
    const facts = await Promise.all([
      daemonsOf(lab, active),
      daemonsOf(lab, standby),
      thresholdOf(lab, active),
    ]);
    const [after, silentAfter] = await overTheOther();
    const messages = syncMessages(pcap).filter(({ sender }) => sender === active.mac);
    const told = (cport: number) => toldOf(pcap, messages, { client, active, port: cport, onStandby });
    return {
      talking: want.map(told),
      silent: silent.ports.map(told),
      messages: messages
        .filter(({ records }) => !records.every(({ cport }) => Object.values(forged).includes(cport)))
        .map(({ group, port, ttl, syncId: id, version }) => ({
          from: active.name,
          group,
          port,
          ttl,
          syncId: id,
          version,
        })),
      taken,
      daemons: { active: facts[0], standby: facts[1] },
      threshold: facts[2],
      before,
      after,
      silentAfter,
      ...(!isAsMeant && { pair: { active: active.name, standby: standby.name } }),
    };
  } finally {
    await held.close();
  }
}

/** Of another pair. */
export const otherId = (id: number): number => (id < 255 ? id + 1 : 1);

/** Ports that no socket of the client uses. */
const forged = { own: 2, foreign: 3 };

/** Sends the standby two messages, as if from the active one, and looks which of them it took. */
async function forge(
  lab: Lab,
  { active, standby }: { active: HostSpec; standby: HostSpec },
): Promise<Replicated['taken']> {
  const { vip, port, id: own } = directorsOf(lab.spec);
  const rip = hostsOf(lab.spec, 'realServer')[0]?.ip ?? '';
  const frame = (id: number, cport: number) =>
    syncFrame({
      sender: active,
      syncId: id,
      entry: { cip: clientOf(lab.spec).ip, cport, vip, vport: port, rip },
    });
  // The own one goes last: when it is there, the other has been read as well.
  await inject(lab.host(active.name), [frame(otherId(own), forged.foreign), frame(own, forged.own)]);
  await knownOf(lab, standby, port, [forged.own], 1_500);
  const seen = await portsOn(lab, standby, port);
  return { own: seen.has(forged.own), foreign: seen.has(forged.foreign) };
}

/** `master 7 eth0`; «no daemon» where there is none. */
async function daemonsOf(lab: Lab, { name }: HostSpec): Promise<string> {
  const { stdout } = await lab.host(name).exec('exec ipvsadm -L --daemon');
  const found = [...stdout.matchAll(/^(\w+) sync daemon \(mcast=(\w+), syncid=(\d+)/gm)];
  return (
    found.map(([, role, device, id]) => `${role} daemon on ${device} with sync id ${id}`).join(', ') ||
    'no daemon'
  );
}

async function thresholdOf(lab: Lab, { name }: HostSpec): Promise<string> {
  const { stdout } = await lab.host(name).exec('exec cat /proc/sys/net/ipv4/vs/sync_threshold');
  return stdout.trim().replace(/\s+/, ' ');
}

function toldOf(
  pcap: Uint8Array,
  messages: SyncMessage[],
  o: { client: HostSpec; active: HostSpec; port: number; onStandby: Set<number> },
): Told {
  const packets = readPcap(pcap)
    .map(({ frame }) => frame)
    .filter(({ ip, tcp, src }) => ip?.src === o.client.ip && tcp?.srcPort === o.port && src !== o.active.mac);
  const third = packets[2]?.tUs;
  const record = messages
    .flatMap(({ records }) => records)
    .find(({ cip, cport }) => cip === o.client.ip && cport === o.port);
  return {
    port: o.port,
    packets: packets.length,
    afterMs: third === undefined || !record ? null : Math.round((record.tUs - third) / 1000),
    onStandby: o.onStandby.has(o.port),
  };
}

/** Names for judges. */
export const namesOf = (spec: LabSpec, pair?: Replicated['pair']): { active: string; standby: string } => {
  const { active, standby } = directorsOf(spec);
  return pair ?? { active: active.name, standby: standby.name };
};

import type { Evidence } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { type HostSpec, hostSpec, hostsOf, vipsOf } from '../../src/model/spec.ts';
import { type Answer, proberOn } from '../../src/probe/client/prober.ts';
import {
  type Address,
  activeDirector,
  addressesOf,
  flushNeighbours,
  neighbour,
  parseAddresses,
} from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { NotInLab, TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { hostOnSegment } from '../common/subjects.ts';
import { address6, patienceMs, ports } from './stage.ts';

/*
 *   before   client ──▶ d1 (VIP6, rules)      d2 (rules)
 *   after    client ──▶ d2 (VIP6, rules)      d1 (rules)      as an operator does it: ip addr del, ip addr add
 */

/** What a move of the VIP by hand, from the director that has it to the other, looked like. */
export interface Takeover {
  vip: string;
  failed: string;
  newMaster: string;
  /** The new master's addresses at once after it was given the VIP. */
  atOnce: Address[];
  /** Addresses of directors and real servers once duplicate address detection, if any, has come to an end. */
  settled: { host: string; addresses: Address[] }[];
  /** Advertisements of the VIP that nobody asked for, by sender. */
  announcements: { mac: string; to: string; override: boolean }[];
  /** The client's entry for the VIP before and after, by MAC. */
  before: string | null;
  after: string | null;
  /** Of requests right after the move. */
  answers: Pick<Answer, 'ok' | 'error'>[];
}

/** Moves the VIP, watches, and moves it back. */
export async function takeOver(lab: Lab, evidence: Evidence): Promise<Takeover> {
  const vip = vipsOf(lab.spec)[0] ?? '';
  const failed = hostSpec(lab.spec, await activeDirector(lab, vip));
  const newMaster = hostsOf(lab.spec, 'director').find((host) => host.name !== failed.name);
  if (!newMaster) throw new NotInLab(`lab «${lab.spec.name}» has no second director`);
  await copyRules(lab, failed, newMaster);
  try {
    return await moved(lab, evidence, { vip, failed, newMaster });
  } finally {
    await Promise.all([
      lab.host(newMaster.name).exec(`ip -6 addr del ${vip}/128 dev eth0; exec ipvsadm -C`),
      lab.host(failed.name).exec(`exec ip -6 addr replace ${vip}/128 dev eth0 nodad`),
    ]);
    await flushNeighbours([lab.host(hostOnSegment(lab.spec).name)], 6);
  }
}

async function copyRules(lab: Lab, from: HostSpec, to: HostSpec): Promise<void> {
  const { stdout } = await lab.host(from.name).exec('exec ipvsadm -Sn');
  await lab.host(to.name).exec('exec ipvsadm -R', { input: stdout });
}

async function moved(
  lab: Lab,
  evidence: Evidence,
  { vip, failed, newMaster }: { vip: string; failed: HostSpec; newMaster: HostSpec },
): Promise<Takeover> {
  const client = hostOnSegment(lab.spec);
  const prober = await proberOn(lab, client.name);
  const target = { ip: vip, port: ports.web };
  const from = { localAddress: address6(client) };
  const entry = async () => (await neighbour(lab.host(client.name), vip))?.mac ?? null;
  // So that the client has an entry to go by, as clients have.
  await prober.requests(target, { count: 1, ...from });
  const before = await entry();

  await using capture = await lab.capture({ filter: 'icmp6' });
  await lab.host(failed.name).exec(`exec ip -6 addr del ${vip}/128 dev eth0`);
  const given = await lab
    .host(newMaster.name)
    .exec(`ip -6 addr add ${vip}/128 dev eth0 && exec ip -j -6 addr show dev eth0`);
  let after = await entry();
  // The announcement is on its way when the address is there; without one the old entry stays for many seconds.
  await until(
    'the client to follow',
    async () => {
      after = await entry();
      return after === newMaster.mac ? true : undefined;
    },
    { withinMs: 3_000, everyMs: 20 },
  ).catch((error) => {
    if (!(error instanceof TimedOut)) throw error;
  });
  const answers = await prober.requests(target, { count: 3, parallel: 3, timeoutMs: patienceMs, ...from });
  const settled = await settledAddresses(lab);
  const pcap = await capture.stop();
  await evidence.save('takeover.pcap', pcap);
  return {
    vip,
    failed: failed.name,
    newMaster: newMaster.name,
    atOnce: parseAddresses(given.stdout),
    settled,
    announcements: decodePcap(pcap).flatMap(({ src, ip6, icmp6 }) =>
      icmp6?.type === 136 && icmp6.nd?.target === vip && !icmp6.nd.solicited && ip6
        ? [{ mac: src, to: ip6.dst, override: icmp6.nd.override }]
        : [],
    ),
    before,
    after,
    answers: answers.map(({ ok, error }) => ({ ok, ...(error !== undefined && { error }) })),
  };
}

/** RFC 4862 §5.4: a second and a random delay of up to one more; a duplicate stays tentative for good. */
async function settledAddresses(lab: Lab): Promise<Takeover['settled']> {
  const hosts = lab.spec.hosts.filter(({ role }) => role === 'director' || role === 'realServer');
  const look = () =>
    Promise.all(
      hosts.map(async ({ name }) => ({ host: name, addresses: await addressesOf(lab.host(name), 6) })),
    );
  let seen: Takeover['settled'] = [];
  const undecided = () => seen.some((one) => one.addresses.some((a) => a.tentative && !a.dadFailed));
  await until(
    'duplicate address detection to end',
    async () => {
      seen = await look();
      return undecided() ? undefined : true;
    },
    { withinMs: 10_000 },
  );
  return seen;
}

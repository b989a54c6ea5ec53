import type { Lab } from '../model/lab.ts';
import { deviceOf, type HostSpec, hostSpec } from '../model/spec.ts';
import { TimedOut } from '../util/errors.ts';
import { until } from '../util/until.ts';
import { echoRequest6, neighbourSolicitation } from './craft6.ts';
import { ProbeFailed } from './errors.ts';
import type { Frame } from './frame.ts';
import { inject } from './inject.ts';
import { decodePcap } from './pcap.ts';
import { procNet } from './proc-net.ts';

export interface Advertisement {
  /** Source of the frame. */
  mac: string;
  solicited: boolean;
  override: boolean;
  /** To all nodes or to the requester. */
  to: string;
}

export interface WhoHas6 {
  /** Advertisements of the address to our question, from anyone on the segment, in order. */
  replies: Advertisement[];
  /** Our solicitations that were seen on the wire; 0 means that nothing was asked. */
  asked: number;
  /** Hosts (by name) that were handed our question and cannot be shown to have dealt with it: their silence says nothing. */
  unheard: string[];
  pcap: Uint8Array;
}

/**
 * Asks the segment who has the IPv6 address `ip`, and listens to everyone: twice by multicast, as who does not know
 * asks, and once each of `alsoAlone`, as who is no longer sure asks a neighbour. Those who do not listen to the
 * group of the address hear only the latter.
 * @throws {ProbeFailed} when no capture came out; {CommandFailed} when nothing could be sent.
 */
export async function whoHas6(lab: Lab, from: string, ip: string, alsoAlone: HostSpec[]): Promise<WhoHas6> {
  const requester = hostSpec(lab.spec, from);
  const solicitation = { senderMac: requester.mac, senderIp: ownAddress(requester), targetIp: ip };
  await using capture = await lab.capture({ filter: 'icmp6', at: 'lan' });
  await injectAndAwait(
    lab,
    requester,
    [
      neighbourSolicitation(solicitation),
      neighbourSolicitation(solicitation),
      ...alsoAlone.map(({ mac }) => neighbourSolicitation({ ...solicitation, onlyMac: mac })),
    ],
    alsoAlone,
  );
  const pcap = await capture.stop();
  const own = { mac: requester.mac, ip6: ownAddress(requester) };
  return { ...advertisementsTo(decodePcap(pcap), own, ip, alsoAlone), pcap };
}

const echoId = 0x6472;

/**
 * Injects the frames from `requester`, then an echo request to each of `hosts`, and waits for the replies. A host takes
 * frames in their order, so after its reply it has dealt with all that came before: what it has not said by then
 * it will not say. Who does not reply within 10 s is not waited for any longer; a capture shows who did.
 */
export async function injectAndAwait(
  lab: Lab,
  requester: HostSpec,
  frames: Uint8Array[],
  hosts: HostSpec[],
): Promise<void> {
  const host = lab.host(requester.name);
  const echoes = hosts.map((one) =>
    echoRequest6({
      srcMac: requester.mac,
      srcIp: ownAddress(requester),
      dstMac: one.mac,
      dstIp: ownAddress(one),
      id: echoId,
    }),
  );
  const replies = async (): Promise<number> => {
    return Number(/^Icmp6InEchoReplies\s+(\d+)/m.exec(await procNet(host, 'snmp6'))?.[1] ?? 0);
  };
  const before = await replies();
  await inject(host, [...frames, ...echoes], { device: deviceOf(requester) });
  await until('echo replies', async () => ((await replies()) - before >= hosts.length ? true : undefined), {
    withinMs: 10_000,
    everyMs: 20,
  }).catch((error) => {
    if (!(error instanceof TimedOut)) throw error;
  });
}

/** Pure part: what `requester` asked about `ip`, who answered, and who of `hosts` cannot be shown to have heard. */
export function advertisementsTo(
  frames: Frame[],
  requester: { mac: string; ip6: string },
  ip: string,
  hosts: Pick<HostSpec, 'name' | 'mac'>[],
): Omit<WhoHas6, 'pcap'> {
  const about = frames.filter(({ icmp6 }) => icmp6?.nd?.target === ip);
  const echoes = frames.filter(({ ip6, icmp6 }) => icmp6?.type === 129 && ip6?.dst === requester.ip6);
  const heard = new Set(echoes.map((frame) => frame.src));
  return {
    asked: about.filter(({ src, icmp6 }) => icmp6?.type === 135 && src === requester.mac).length,
    replies: about.flatMap(({ src, ip6, icmp6 }) =>
      icmp6?.type === 136 && icmp6.nd && ip6?.dst === requester.ip6
        ? [{ mac: src, solicited: icmp6.nd.solicited, override: icmp6.nd.override, to: ip6.dst }]
        : [],
    ),
    unheard: hosts.filter(({ mac }) => !heard.has(mac)).map(({ name }) => name),
  };
}

function ownAddress(host: HostSpec): string {
  if (!host.ip6) throw new ProbeFailed(`${host.name} has no IPv6 address to ask with`);
  return host.ip6.address;
}

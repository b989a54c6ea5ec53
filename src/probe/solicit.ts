import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../model/lab.ts';
import { deviceOf, type HostSpec, hostSpec } from '../model/spec.ts';
import { echoRequest6, neighbourSolicitation } from './craft6.ts';
import { ProbeFailed } from './errors.ts';
import type { Frame } from './frame.ts';
import { inject } from './inject.ts';
import { decodePcap } from './pcap.ts';

export interface Advertisement {
  /** Source of the frame. */
  mac: string;
  solicited: boolean;
  override: boolean;
  /** To all nodes or to the asker. */
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

const echoId = 0x6472;

/**
 * Asks the segment who has the IPv6 address `ip`, and listens to everyone: twice by multicast, as who does not know
 * asks, and once each of `alsoAlone`, as who is no longer sure asks a neighbour. Those who do not listen to the
 * group of the address hear only the latter. An echo request to each of them follows the questions; since a host
 * takes frames in their order, its answer shows that silence before it was meant.
 * @throws {ProbeFailed} when no capture came out; {CommandFailed} when nothing could be sent.
 */
export async function whoHas6(lab: Lab, from: string, ip: string, alsoAlone: HostSpec[]): Promise<WhoHas6> {
  const asker = hostSpec(lab.spec, from);
  const ip6 = ownAddress(asker);
  const solicitation = { senderMac: asker.mac, senderIp: ip6, targetIp: ip };
  const ends = { srcMac: asker.mac, srcIp: ip6, id: echoId };
  const frames = [
    neighbourSolicitation(solicitation),
    neighbourSolicitation(solicitation),
    ...alsoAlone.map(({ mac }) => neighbourSolicitation({ ...solicitation, onlyMac: mac })),
    ...alsoAlone.map((host) => echoRequest6({ ...ends, dstMac: host.mac, dstIp: ownAddress(host) })),
  ];
  let seen: WhoHas6 | undefined;
  for (const waitMs of [200, 1_000, 3_000]) {
    await using capture = await lab.capture({ filter: 'icmp6', at: 'lan' });
    await inject(lab.host(asker.name), frames, { gapMs: 5, device: deviceOf(asker) });
    await sleep(waitMs);
    const pcap = await capture.stop();
    seen = { ...advertisementsTo(decodePcap(pcap), { mac: asker.mac, ip6 }, ip, alsoAlone), pcap };
    if (seen.asked > 0 && seen.unheard.length === 0) break;
  }
  if (!seen) throw new ProbeFailed(`nobody was asked for ${ip}`);
  return seen;
}

/** Pure part: what `asker` asked about `ip`, who answered, and who of `hosts` cannot be shown to have heard. */
export function advertisementsTo(
  frames: Frame[],
  asker: { mac: string; ip6: string },
  ip: string,
  hosts: Pick<HostSpec, 'name' | 'mac'>[],
): Omit<WhoHas6, 'pcap'> {
  const about = frames.filter(({ icmp6 }) => icmp6?.nd?.target === ip);
  const echoes = frames.filter(({ ip6, icmp6 }) => icmp6?.type === 129 && ip6?.dst === asker.ip6);
  const heard = new Set(echoes.map((frame) => frame.src));
  return {
    asked: about.filter(({ src, icmp6 }) => icmp6?.type === 135 && src === asker.mac).length,
    replies: about.flatMap(({ src, ip6, icmp6 }) =>
      icmp6?.type === 136 && icmp6.nd && ip6?.dst === asker.ip6
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

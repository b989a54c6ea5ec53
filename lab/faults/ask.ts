import type { Host } from '../../src/model/host.ts';
import { type HostSpec, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { runProgram } from '../../src/programs/index.ts';

/** What came of one request. */
export interface Asked {
  /** `silent`: no handshake; `unanswered`: a handshake and nothing after it. */
  outcome: 'refused' | 'unreachable' | 'silent' | 'unanswered' | 'reset' | 'answered';
  status: number | null;
  tookMs: number;
}

export async function ask(
  from: Pick<Host, 'run'>,
  target: { address: string; port: number },
  limitMs: number,
): Promise<Asked> {
  return askedIn(await runProgram(from, 'request', [target.address, target.port, limitMs]));
}

export function askedIn([row = []]: string[][]): Asked {
  const [word = '', tookMs] = row;
  const status = /^\d+$/.test(word) ? Number(word) : null;
  const outcome = status === null ? (word as Asked['outcome']) : 'answered';
  return { outcome, status, tookMs: Number(tookMs) };
}

/** A port that nobody listens on (RFC 863): a host that is reached refuses at once. */
const discardPort = 9;
const reachLimitMs = 700;

/** Hosts that share the segment with this one, at most three. */
export function peersOf(spec: LabSpec, name: string): HostSpec[] {
  const { segment } = hostSpec(spec, name);
  return spec.hosts.filter((host) => host.name !== name && host.segment === segment).slice(0, 3);
}

/** The peers that the host reaches, asked all at once. */
export async function reached(
  spec: LabSpec,
  host: (name: string) => Pick<Host, 'run'>,
  name: string,
): Promise<string[]> {
  const peers = peersOf(spec, name);
  const asked = await Promise.all(
    peers.map(({ ip }) => ask(host(name), { address: ip, port: discardPort }, reachLimitMs)),
  );
  return peers
    .filter((_, i) => ['refused', 'answered', 'unanswered', 'reset'].includes(asked[i]?.outcome ?? ''))
    .map((peer) => peer.name);
}

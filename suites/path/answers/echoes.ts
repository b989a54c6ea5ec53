import type { Lab } from '../../../src/model/lab.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { clientOf, list, longestRoundTripMs } from '../../common/subjects.ts';

/** Echoes of one host, asked for by the client: who loses one in a hundred loses some of them. */
export interface Echoes {
  host: string;
  sent: number;
  received: number;
  /** Echoes that came more than once. */
  copies: number;
}

/** Of all hosts together, and of one: of 700 a link that loses one in a hundred lets all pass once in a thousand times. */
const most = { inAll: 6_000, ofOne: 700 };
/** On their way at a time, so that a long delay does not make it long. */
const inFlight = 20;
/** Where a round trip takes no time ping sends all before it reads one, and more than 171 answers find no room (seen). */
const rounds = 5;
/**
 * Ping waits for the last ones for a multiple of the round trip; in virtual time that may be 0, which it takes for ever.
 * Its own deadline (-w) is none: with that it sends on until so many have come back. Links that delay get their time,
 * or what is still on its way would count as lost.
 */
const withinS = (spec: LabSpec, each: number): number =>
  4 + Math.ceil(((each / inFlight) * longestRoundTripMs(spec)) / 1000);

/**
 * TCP fixes what is lost, and a machine that is late makes it send again without need; nobody fixes an echo, and
 * one that is late still comes. So this tells loss from lateness.
 */
export async function echoesOf(lab: Lab): Promise<Echoes[]> {
  const { spec } = lab;
  const hosts = [...hostsOf(spec, 'director'), ...hostsOf(spec, 'realServer')].slice(0, 24);
  const each = Math.floor(Math.min(most.ofOne, most.inAll / hosts.length) / rounds);
  const limitS = withinS(spec, each);
  const numbers = Array.from({ length: rounds }, (_, i) => i + 1).join(' ');
  // Who answers no echo at all, or not now, costs a second and is left to other checks.
  const asked = hosts.map(
    ({ name, ip }) =>
      `echo "of ${name}"; ping -n -q -c 2 -i 0.1 -W 1 ${ip} >/dev/null && for round in ${numbers}; do timeout -s INT ${limitS} ping -n -q -f -l ${inFlight} -c ${each} -W 2 ${ip}; done`,
  );
  const { stdout } = await lab
    .host(clientOf(spec).name)
    .exec(`${asked.join('\n')}\n:`, { timeoutMs: 90_000 + hosts.length * rounds * (limitS - 4) * 1_000 });
  return parseEchoes(stdout);
}

/** Pure part: what ping(8) sums up, of one host after the other. */
export const parseEchoes = (text: string): Echoes[] =>
  text
    .split(/^of /m)
    .slice(1)
    .map((part) => {
      const sums = [...part.matchAll(/(\d+) packets transmitted, (\d+) received,(?: \+(\d+) duplicates,)?/g)];
      const sum = (field: number) => sums.reduce((all, one) => all + Number(one[field] ?? 0), 0);
      const host = part.slice(0, part.indexOf('\n'));
      return { host, sent: sum(1), received: sum(2), copies: sum(3) };
    });

/** What is wrong with them, by host; a host that answers none keeps them to itself. */
export function echoFaults(echoes: Echoes[]): { host: string; seen: string }[] {
  const answered = echoes.filter(({ received }) => received > 0);
  return [
    ...answered
      .filter(({ sent, received }) => received < sent)
      .map(({ host, sent, received }) => ({
        host,
        seen: `${sent - received} of ${sent} echoes of ${host} were lost`,
      })),
    ...answered
      .filter(({ copies }) => copies > 0)
      .map(({ host, copies }) => ({ host, seen: `${copies} echoes of ${host} came twice` })),
  ];
}

/** «2000 echoes of d1 and rs1 came back», or who does not answer any. */
export function echoesText(echoes: Echoes[], spec: LabSpec): string {
  const silent = echoes.filter(({ received }) => received === 0).map(({ host }) => host);
  const came = echoes.reduce((sum, { received }) => sum + received, 0);
  return `${came} echoes came back to ${clientOf(spec).name}${silent.length > 0 ? `, none of ${list(silent)}` : ''}`;
}

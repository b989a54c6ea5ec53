import type { FaultEvidence, FaultSpec } from '../../src/model/fault.ts';
import { hostSpec, vipsOf } from '../../src/model/spec.ts';
import { runProgram } from '../../src/programs/index.ts';
import { formatIpv4, parseIpv4 } from '../../src/util/ipv4.ts';
import { peersOf } from './ask.ts';
import type { Fault } from './fault.ts';
import { announcementsTable, countsIn, cycleOf, lossTable, partitionTable } from './frames.ts';
import { worksOf } from './link.ts';
import type { Parts } from './parts.ts';

type Of<K extends FaultSpec['kind']> = Extract<FaultSpec, { kind: K }>;

let tables = 0;

/** A fault that is a table on the switch. */
function onSwitch(
  parts: Parts,
  text: (table: string) => string,
  judge: (counts: () => Promise<number[]>) => Promise<FaultEvidence>,
): Fault {
  const { switchHost } = worksOf(parts);
  const table = `drlab_fault_${++tables}`;
  const counts = async () =>
    countsIn((await switchHost.exec(`exec nft -j list table bridge ${table}`)).stdout);
  return {
    apply: async () => void (await switchHost.exec('exec nft -f -', { input: text(table) })),
    verify: () => judge(counts),
    // Adding what is there already does nothing, so that the table can be deleted in any case.
    revert: async () =>
      void (await switchHost.exec('exec nft -f -', {
        input: `add table bridge ${table}\ndelete table bridge ${table}\n`,
      })),
  };
}

const portsOf = (parts: Parts, hosts: string[]): string[] =>
  hosts.flatMap((name) => worksOf(parts).portsOf(name));

/** Sends datagrams that all hosts of the segment hear, so that there is something to lose. */
async function callOut(parts: Parts, name: string, count: number): Promise<void> {
  const { ip, prefixLength } = hostSpec(parts.spec, name);
  const all = formatIpv4(((parseIpv4(ip) ?? 0) | (0xffffffff >>> prefixLength)) >>> 0);
  await runProgram(parts.host(name), 'broadcast', [all, count]);
}

export function loss({ host, direction, percent }: Of<'loss'>, parts: Parts): Fault {
  const ports = portsOf(parts, [host]);
  return onSwitch(
    parts,
    (table) => lossTable(table, { ports, direction, percent }),
    async (counts) => {
      const [seenBefore = 0, lostBefore = 0] = await counts();
      const caller = direction === 'fromHost' ? host : peersOf(parts.spec, host)[0]?.name;
      // Two cycles hold the whole share of one, wherever in its cycle the switch was.
      if (caller !== undefined) await callOut(parts, caller, 2 * cycleOf(percent).of);
      const [seen = 0, lost = 0] = await counts();
      const way = direction === 'fromHost' ? 'from' : 'to';
      const sentence = `${lost - lostBefore} of ${seen - seenBefore} frames ${way} ${host} were lost`;
      return {
        happened: lost > lostBefore,
        sentence,
        data: { seen: seen - seenBefore, lost: lost - lostBefore },
      };
    },
  );
}

export function partition({ sides: [one, other] }: Of<'partition'>, parts: Parts): Fault {
  const sides: [string[], string[]] = [portsOf(parts, one), portsOf(parts, other)];
  return onSwitch(
    parts,
    (table) => partitionTable(table, sides),
    async (counts) => {
      const before = await counts();
      const speakers = [one[0], other[0]].filter((name) => name !== undefined);
      await Promise.all(speakers.map((name) => callOut(parts, name, 3)));
      const after = await counts();
      const [there = 0, back = 0] = after.map((count, i) => count - (before[i] ?? 0));
      const names = [one.join(', '), other.join(', ')] as const;
      const sentence = `${there} frames of ${names[0]} did not reach ${names[1]}, ${back} the other way`;
      return { happened: there > 0 && back > 0, sentence, data: { there, back } };
    },
  );
}

/** Shows only after the host announced something: once it has taken a VIP over. */
export function announcementsLost({ host }: Of<'announcementsLost'>, parts: Parts): Fault {
  const text = (table: string) => announcementsTable(table, portsOf(parts, [host]), vipsOf(parts.spec));
  return onSwitch(parts, text, async (counts) => {
    const lost = (await counts()).reduce((sum, count) => sum + count, 0);
    return {
      happened: lost > 0,
      sentence: `${lost} announcements of ${host} were lost so far`,
      data: { lost },
    };
  });
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../util/errors.ts';
import { compiled, packageRoot } from '../package.ts';
import { type Built, type Figures, median, mediansOf } from './figures.ts';
import type { ProcessMemory } from './memory.ts';
import { type Start, startToFirstCheck } from './start.ts';
import { inWorld, untilQuiet } from './world.ts';

const passes = 3;
const sizes = [20, 50, 100, 200, 500, 1000];
/** Larger ones take Mininet minutes. */
const mininetSizes = sizes.filter((hosts) => hosts <= 200);
/** One director, one client, a hundred real servers. */
const memoryHosts = 102;

type Pass = Omit<Built, 'hosts'>;
type Note = (text: string) => void;

/** @throws {Error} when this machine has no namespaces for a lab. */
export async function measure(note: Note): Promise<Figures> {
  const ours = (hosts: number): string[] => [
    process.execPath,
    compiled('src/cli/bench/build-lab.js'),
    String(hosts),
  ];
  const drlab = await builtWith('drlab', sizes, ours, note);
  const mininet = await mininetOr(note);
  note(`memory of a lab of ${memoryHosts} hosts`);
  const { memory: processes } = await inWorld<{ memory: ProcessMemory[] }>(ours(memoryHosts));
  const starts = [await started('host', 'nftables', note), await started('uml', 'minimal', note)];
  return { passes, drlab, mininet, starts, memory: { hosts: memoryHosts, processes } };
}

async function builtWith(
  name: string,
  wanted: number[],
  argv: (hosts: number) => string[],
  note: Note,
): Promise<Built[]> {
  const built = [];
  for (const hosts of wanted) {
    const done: Pass[] = [];
    for (let pass = 1; pass <= passes; pass++) {
      note(`${name}: ${hosts} hosts, ${pass} of ${passes}`);
      await untilQuiet();
      const took = await inWorld<Omit<Pass, 'freedMs'>>(argv(hosts));
      done.push({ ...took, freedMs: await untilQuiet() });
    }
    built.push(mediansOf(hosts, done));
  }
  return built;
}

async function mininetOr(note: Note): Promise<Built[] | string> {
  const needed = ['/usr/bin/mn', '/usr/sbin/brctl'].filter((path) => !existsSync(path));
  if (needed.length > 0) return `${needed.join(', ')} missing (apt-get install mininet bridge-utils)`;
  const peer = join(packageRoot, 'lab', 'bench', 'mininet-peer.py');
  try {
    return await builtWith(
      'Mininet',
      mininetSizes,
      (hosts) => ['/usr/bin/python3', peer, String(hosts)],
      note,
    );
  } catch (error) {
    return messageOf(error);
  }
}

async function started(sandbox: string, lab: string, note: Note): Promise<Figures['starts'][number]> {
  const done: Start[] = [];
  try {
    for (let pass = 1; pass <= passes; pass++) {
      note(`${sandbox} sandbox to the first check, ${pass} of ${passes}`);
      done.push(await startToFirstCheck(sandbox, lab));
    }
  } catch (error) {
    return { sandbox, lab, why: messageOf(error) };
  }
  const of = (key: keyof Start): number => median(done.map((one) => one[key]));
  return { sandbox, lab, firstCheckMs: of('firstCheckMs'), wholeMs: of('wholeMs') };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../../../statistics/quantile.ts';
import { messageOf } from '../../../util/errors.ts';
import { compiled, packageRoot } from '../../../util/root.ts';
import type { LoadFigures } from '../../shared/bench/load.ts';
import type { ProcessMemory } from '../../shared/bench/memory.ts';
import { untilQuiet } from '../../shared/bench/quiet.ts';
import { type Built, type Figures, mediansOf } from './figures.ts';
import { inSandbox } from './in-sandbox.ts';
import { type Start, startToFirstCheck } from './start.ts';

const passes = 3;
const sizes = [20, 50, 100, 200, 500, 1000];
/** Larger ones take Mininet minutes. */
const mininetSizes = sizes.filter((hosts) => hosts <= 200);
/** One director, one client, a hundred real servers. */
const memoryHosts = 102;

type Pass = Omit<Built, 'hosts'>;
type Note = (text: string) => void;

interface Builder {
  name: string;
  sizes: number[];
  argv(hosts: number): string[];
}

const ours: Builder = {
  name: 'drlab',
  sizes,
  argv: (hosts) => [process.execPath, compiled('src/cli/inside/bench/build-lab.js'), String(hosts)],
};

const theirs: Builder = {
  name: 'Mininet',
  sizes: mininetSizes,
  argv: (hosts) => ['/usr/bin/python3', join(packageRoot, 'lab', 'bench', 'mininet-peer.py'), String(hosts)],
};

/** @throws {Error} when this machine has no namespaces for a lab. */
export async function measure(note: Note): Promise<Figures> {
  const noMininet = await whyNoMininet();
  const built = await buildAll(noMininet === undefined ? [ours, theirs] : [ours], note);
  note(`memory of a lab of ${memoryHosts} hosts`);
  const { memory: processes } = await inSandbox<{ memory: ProcessMemory[] }>(ours.argv(memoryHosts));
  const starts = [await started('host', 'nftables', note), await started('uml', 'minimal', note)];
  note('load generators');
  const load = await inSandbox<LoadFigures>([process.execPath, compiled('src/cli/inside/bench/load-lab.js')]);
  return {
    passes,
    load,
    drlab: built.get(ours) ?? [],
    mininet: noMininet ?? built.get(theirs) ?? [],
    starts,
    memory: { hosts: memoryHosts, processes },
  };
}

/** Builders take turns at each size, and sizes in each pass, so that a busy moment of the machine meets all. */
async function buildAll(builders: Builder[], note: Note): Promise<Map<Builder, Built[]>> {
  const done = new Map(builders.map((builder) => [builder, new Map<number, Pass[]>()]));
  for (let pass = 1; pass <= passes; pass++) {
    for (const hosts of sizes) {
      for (const builder of builders.filter((one) => one.sizes.includes(hosts))) {
        note(`pass ${pass} of ${passes}: ${builder.name}, ${hosts} hosts`);
        await untilQuiet();
        const took = await inSandbox<Pass>(builder.argv(hosts));
        const bySize = done.get(builder);
        bySize?.set(hosts, [...(bySize.get(hosts) ?? []), took]);
      }
    }
  }
  const medians = (bySize: Map<number, Pass[]>): Built[] =>
    [...bySize].map(([hosts, some]) => mediansOf(hosts, some));
  return new Map([...done].map(([builder, bySize]) => [builder, medians(bySize)]));
}

async function whyNoMininet(): Promise<string | undefined> {
  const needed = ['/usr/bin/mn', '/usr/sbin/brctl'].filter((path) => !existsSync(path));
  if (needed.length > 0) return `${needed.join(', ')} missing (apt-get install mininet bridge-utils)`;
  return inSandbox(theirs.argv(2)).then(() => undefined, messageOf);
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

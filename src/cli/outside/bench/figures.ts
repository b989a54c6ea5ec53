import { median } from '../../../statistics/quantile.ts';
import type { LoadFigures } from '../../shared/bench/load.ts';
import type { ProcessMemory } from '../../shared/bench/memory.ts';
import type { Start } from './start.ts';

/** What one builder took for one size, medians of several passes. */
export interface Built {
  hosts: number;
  upMs: number;
  downMs: number;
  /** From then on until the kernel has freed the namespaces in the background; only drlab's is known. */
  freedMs?: number;
}

export interface Figures {
  passes: number;
  drlab: Built[];
  /** Or why it was not measured. */
  mininet: Built[] | string;
  starts: ({ sandbox: string; lab: string } & (Start | { why: string }))[];
  memory: { hosts: number; processes: ProcessMemory[] };
  load: LoadFigures;
}

export function mediansOf(hosts: number, passes: readonly Omit<Built, 'hosts'>[]): Built {
  const freed = passes.flatMap(({ freedMs }) => freedMs ?? []);
  return {
    hosts,
    upMs: median(passes.map(({ upMs }) => upMs)),
    downMs: median(passes.map(({ downMs }) => downMs)),
    ...(freed.length > 0 ? { freedMs: median(freed) } : {}),
  };
}

export interface Goal {
  text: string;
  /** Undefined where it could not be measured. */
  met: boolean | undefined;
}

const at = (built: Built[], hosts: number): Built | undefined => built.find((one) => one.hosts === hosts);

/** How the time for one host grows from 200 to 1000 hosts; 1 is linear. */
export function growth(built: Built[], of: 'upMs' | 'downMs'): number {
  const perHost = (hosts: number): number => (at(built, hosts)?.[of] ?? Number.NaN) / hosts;
  return perHost(1000) / perHost(200);
}

/** Timer noise of a few percent is no growth. */
const linear = 1.05;

export function goals({ drlab, mininet }: Figures): Goal[] {
  const [ours, theirs] = [at(drlab, 200), typeof mininet === 'string' ? undefined : at(mininet, 200)];
  const against = (of: 'upMs' | 'downMs', most: number): boolean | undefined =>
    ours && theirs && ours[of] / theirs[of] <= most;
  const up = growth(drlab, 'upMs');
  return [
    { text: 'at 200 hosts up in at most a fifth of the time of Mininet', met: against('upMs', 1 / 5) },
    { text: 'at 200 hosts down in at most a twentieth', met: against('downMs', 1 / 20) },
    {
      text: 'from 200 to 1000 hosts the time up for one host does not grow',
      met: Number.isNaN(up) ? undefined : up <= linear,
    },
  ];
}

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timeoutMs } from '../../util/timeouts.ts';
import { until } from '../../util/until.ts';

/**
 * A control group whose processes get this share of one CPU, so that the sandbox in it is starved on a machine that is
 * otherwise quiet. cgroup v1 (cpu.cfs_quota_us) or v2 (cpu.max).
 */
export class Starved {
  private constructor(private readonly folder: string) {}

  /** @returns why there can be none here, as one sentence. */
  static create(share: number): Starved | string {
    const v1 = '/sys/fs/cgroup/cpu';
    const v2 = '/sys/fs/cgroup';
    const name = `drlab-starved-${process.pid}`;
    const quotaUs = Math.round(share * periodUs);
    try {
      if (existsSync(join(v1, 'cpu.cfs_quota_us'))) {
        const folder = made(join(v1, name));
        writeFileSync(join(folder, 'cpu.cfs_period_us'), `${periodUs}`);
        writeFileSync(join(folder, 'cpu.cfs_quota_us'), `${quotaUs}`);
        return new Starved(folder);
      }
      const folder = made(join(v2, name));
      writeFileSync(join(folder, 'cpu.max'), `${quotaUs} ${periodUs}`);
      return new Starved(folder);
    } catch (error) {
      return `no control group can be limited here: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** Put before a command, it runs in the group. */
  get prefix(): string[] {
    return ['sh', '-c', `echo $$ >${join(this.folder, 'cgroup.procs')} && exec "$@"`, 'sh'];
  }

  /** How often its processes were stopped because their share was used up. */
  throttled(): number {
    const stat = readFileSync(join(this.folder, 'cpu.stat'), 'utf8');
    return Number(/^nr_throttled (\d+)$/m.exec(stat)?.[1] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await until('the starved processes to end', () => this.#processes() === '' || undefined, {
      withinMs: timeoutMs.ready,
    });
    rmdirSync(this.folder);
  }

  #processes(): string {
    return readFileSync(join(this.folder, 'cgroup.procs'), 'utf8');
  }
}

const periodUs = 100_000;

function made(folder: string): string {
  mkdirSync(folder);
  return folder;
}

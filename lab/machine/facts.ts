import { availableParallelism, cpus, hostname, release, totalmem } from 'node:os';
import type { RunRecord } from '../../src/model/record.ts';
import { type Probing, thisMachine } from './probing.ts';

/** The machine that drlab was started on, for the record of a run. */
export async function machineFacts(on: Pick<Probing, 'read'> = thisMachine): Promise<RunRecord['machine']> {
  const osRelease = (await on.read('/etc/os-release')) ?? '';
  return {
    hostname: hostname(),
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    os: /^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] || 'unknown',
  };
}

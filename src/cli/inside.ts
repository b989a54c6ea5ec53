import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../model/job.ts';
import type { Fidelity, SandboxKind } from '../model/record.ts';
import type { DriverSpec } from '../model/spec.ts';
import { type Emit, emitter } from '../run/emit.ts';
import { DrlabError, exitCode, messageOf } from '../util/errors.ts';
import { specOf } from './after.ts';
import { fileOf } from './files.ts';
import { compiled, packageRoot } from './package.ts';

/** First program inside a sandbox: does the job that lies in the run's folder, and tells about it by events. */

const heartbeatMs = 2_000;

async function main(jobPath: string): Promise<number> {
  const job = JSON.parse(readFileSync(jobPath, 'utf8')) as Job;
  const emit = emitter(join(job.outDir, fileOf('events', 'lane' in job ? job.lane : undefined)));
  emit({ type: 'hello', kernel: release(), pid: process.pid });
  emit({ type: 'fidelity', fidelity: fidelity(job) });
  const heart = setInterval(() => emit({ type: 'heartbeat' }), heartbeatMs);
  try {
    return await dispatch(job, jobPath, emit);
  } catch (error) {
    emit(faultOf(error));
    return error instanceof DrlabError ? error.exit : exitCode.bug;
  } finally {
    clearInterval(heart);
    emit({ type: 'end' });
  }
}

async function dispatch(job: Job, jobPath: string, emit: Emit): Promise<number> {
  if (job.kind === 'checks') {
    const { runEngine } = await import('../run/engine.ts');
    await runEngine(packageRoot, compiled('src/cli/worker.js'), jobPath, emit);
    return exitCode.conformant;
  }
  const { hold, shell } = await import('./inside-lab.ts');
  return job.kind === 'shell' ? shell(job, emit) : hold(job, emit);
}

const fidelity = (job: Job): Fidelity => ({
  sandbox: sandboxKind(),
  time: 'real',
  cpus: cpus().length,
  network: [
    networkOf(specOf(job)?.driver),
    ...(process.env.DRLAB_ACCEL ? [`qemu-${process.env.DRLAB_ACCEL}`] : []),
  ].join(', '),
});

function networkOf(driver: DriverSpec | undefined): string {
  if (driver?.kind === 'ssh') return 'the NICs of the machines';
  if (driver?.kind !== 'docker') return 'veth, offloads on';
  const cable = driver.parent === undefined ? '' : ` on ${driver.parent}`;
  return driver.network === 'macvlan' ? `macvlan${cable}, offloads on` : 'veth, offloads on';
}

function sandboxKind(): SandboxKind {
  const kinds: SandboxKind[] = ['none', 'host', 'uml', 'qemu'];
  const kind = kinds.find((one) => one === process.env.DRLAB_SANDBOX);
  if (kind === undefined) throw new Error('DRLAB_SANDBOX does not name a sandbox');
  return kind;
}

function faultOf(error: unknown) {
  const foreseen = error instanceof DrlabError;
  return {
    type: 'fault' as const,
    message: messageOf(error),
    ...(foreseen && error.hint !== undefined ? { hint: error.hint } : {}),
    ...(!foreseen && error instanceof Error && error.stack ? { stack: error.stack } : {}),
    exit: foreseen ? error.exit : exitCode.bug,
  };
}

process.exit(await main(process.argv[2] ?? ''));

import { statSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { sandboxOffer } from '../../../lab/base/sandbox-offer.ts';
import { driverOf } from '../../../lab/drivers.ts';
import type { Job } from '../../model/job.ts';
import type { Fidelity, SandboxKind } from '../../model/record.ts';
import { readJob } from '../../model/stored/job.ts';
import { type Emit, emitter } from '../../run/emit.ts';
import { DrlabError, exitCode, messageOf } from '../../util/errors.ts';
import { compiled, packageRoot } from '../../util/root.ts';
import { specOf } from '../shared/after.ts';
import { fileOf } from '../shared/files.ts';

/** First program inside a sandbox: does the job that lies in the run's folder, and tells about it by events. */

/** In virtual time a lab that waits for nothing would beat thousands of times a second. */
const heartbeatMs = { real: 2_000, virtual: 10_000 };
/** So much virtual time without a word but heartbeats, and the inside is hung: every limit of drlab is shorter. */
const idleVirtualMs = 3_600_000;

async function main(jobPath: string): Promise<number> {
  const job = readJob(jobPath);
  const emit = emitter(join(job.outDir, fileOf('events', 'worker' in job ? job.worker : undefined)));
  emit({ type: 'hello', kernel: release(), pid: process.pid });
  emit({ type: 'fidelity', fidelity: fidelity(job) });
  const heart = setInterval(heartbeat(job, emit), heartbeatMs[time()]);
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

const time = (): Fidelity['time'] => (sandboxOffer.virtualTime ? 'virtual' : 'real');

/**
 * Outside, silence ends a sandbox. Inside virtual time there is none as long as timers run, and they run as fast as
 * they can; so what hangs there ends itself.
 */
function heartbeat(job: Job, emit: Emit): () => void {
  const path = join(job.outDir, fileOf('events', 'worker' in job ? job.worker : undefined));
  let [bytes, idleMs] = [0, 0];
  return () => {
    if (time() === 'virtual') {
      idleMs = statSync(path).size === bytes ? idleMs + heartbeatMs.virtual : 0;
      if (idleMs >= idleVirtualMs) {
        emit({
          type: 'fault',
          message: `nothing happened for ${idleMs / 60_000} minutes of virtual time`,
          exit: exitCode.bug,
        });
        emit({ type: 'end' });
        process.exit(exitCode.bug);
      }
    }
    emit({ type: 'heartbeat' });
    bytes = statSync(path).size;
  };
}

async function dispatch(job: Job, jobPath: string, emit: Emit): Promise<number> {
  if (job.kind === 'checks' && time() === 'virtual') {
    await (await import('./play.ts')).playJob(job, emit);
    return exitCode.conformant;
  }
  if (job.kind === 'checks') {
    const { runEngine } = await import('../../run/engine.ts');
    await runEngine(packageRoot, compiled('guest/vitest-file.js'), jobPath, emit);
    return exitCode.conformant;
  }
  if (job.kind === 'trials') return (await import('./trials.ts')).measureTrials(job, emit);
  if (job.kind === 'explore') return (await import('./schedules.ts')).trySchedules(job, emit);
  const { hold, shell } = await import('./lab.ts');
  return job.kind === 'shell' ? shell(job, emit) : hold(job, emit);
}

function fidelity(job: Job): Fidelity {
  const spec = specOf(job);
  const network = [
    ...(spec ? [driverOf(spec).network(spec.driver)] : []),
    ...(process.env.DRLAB_ACCEL ? [`qemu-${process.env.DRLAB_ACCEL}`] : []),
  ].join(', ');
  return { sandbox: sandboxKind(), time: time(), cpus: cpus().length, network };
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

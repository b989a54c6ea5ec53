import type { SpawnedProcess } from '../../src/model/host.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { runProgram, startProgram } from '../../src/programs/index.ts';
import { clientOf } from '../common/subjects.ts';
import { uploadPort } from './stage.ts';

/*
 *   client ── length, bytes ──▶ director ──▶ real server
 *      ◀──────────── SHA-256 of what arrived ───────
 */

export interface Upload {
  /** Until the hash was back; null where it never came. */
  tookUs: number | null;
  /** Bytes that the real server read. */
  arrivedBytes: number;
  /** Whether what arrived has the hash of what was sent. */
  same: boolean;
  /** What went wrong, in the words of the sender. */
  error?: string;
}

/** Starts a receiver on every real server; they end with the returned list. */
export async function receivers(lab: Lab): Promise<AsyncDisposable> {
  const vip = vipsOf(lab.spec)[0] ?? '';
  const started: SpawnedProcess[] = await Promise.all(
    hostsOf(lab.spec, 'realServer').map(({ name }) =>
      startProgram(lab.host(name), 'receive-uploads', [vip, uploadPort]),
    ),
  );
  const all = {
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((one) => one[Symbol.asyncDispose]()));
    },
  };
  for (const one of started) {
    const first = await one.lines()[Symbol.asyncIterator]().next();
    if (first.done || first.value !== 'ready') {
      await all[Symbol.asyncDispose]();
      throw new Error(`a receiver of uploads did not start: ${one.stderr()}`);
    }
  }
  return all;
}

/** @param limitS whole seconds after which the sender gives up */
export async function upload(lab: Lab, bytes: number, limitS = 5): Promise<Upload> {
  const client = lab.host(clientOf(lab.spec).name);
  const words = [vipsOf(lab.spec)[0] ?? '', uploadPort, bytes, limitS];
  const [[outcome, ...said] = []] = await runProgram(client, 'upload', words);
  const [tookUs, sent, arrivedBytes, got] = said;
  if (outcome === 'done')
    return { tookUs: Number(tookUs), arrivedBytes: Number(arrivedBytes), same: sent === got };
  const error = outcome === 'failed' ? said.join(' ') : 'the sender reported nothing';
  return { tookUs: null, arrivedBytes: 0, same: false, error };
}

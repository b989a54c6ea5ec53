import { ProbeFailed } from '../errors.ts';
import { msSince, nowNs } from './clock.ts';
import { requests } from './requests.ts';
import type { Download, DownloadOptions, Target } from './types.ts';

/** @throws {ProbeFailed} when an answer failed or was shorter than what was asked for. */
export async function download(target: Target, o: DownloadOptions): Promise<Download> {
  const perConnection = Math.ceil(o.bytes / o.connections);
  const startNs = nowNs();
  const answers = await requests(target, {
    count: o.connections,
    parallel: o.connections,
    timeoutMs: o.timeoutMs ?? 60_000,
    path: `/?bytes=${perConnection}`,
  });
  const bad = answers.find((answer) => !answer.ok || answer.bytes < perConnection);
  if (bad) {
    throw new ProbeFailed(`download from ${target.ip}: ${bad.error ?? 'cut short'} after ${bad.bytes} bytes`);
  }
  const slowestMs = Math.max(...answers.map((answer) => answer.latencyUs)) / 1000;
  const durationMs = Math.min(slowestMs, msSince(startNs));
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  return {
    bytesPerS: (bytes * 1000) / durationMs,
    bytes,
    durationMs,
    server: [...new Set(answers.map((answer) => answer.server))].join(','),
  };
}

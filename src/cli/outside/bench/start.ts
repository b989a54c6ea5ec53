import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from '../../../model/stored/record.ts';
import { compiled } from '../../../util/root.ts';

export interface Start {
  /** From the command to the moment at which the first check begins: sandbox, runner and lab. */
  firstCheckMs: number;
  /** From the command to its end, reports included. */
  wholeMs: number;
}

/**
 * Runs one check through the command line.
 * @throws {Error} with what it said when no check ran.
 */
export async function startToFirstCheck(sandbox: string, lab: string): Promise<Start> {
  const out = await mkdtemp(join(tmpdir(), 'drlab-bench-'));
  // In virtual time the moment at which a check begins is none of this machine's.
  const where = ['--lab', lab, '--sandbox', sandbox, '--time', 'real'];
  const argv = [compiled('src/cli/main.js'), 'run', 'ARP-01', ...where];
  const start = Date.now();
  try {
    const child = spawn(process.execPath, [...argv, '--out', out, '-q'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wholeMs = Date.now() - start;
    if (code !== 0) throw new Error(said.trim() || `it ended with ${code}`);
    const { results } = await readRecord(out);
    return { firstCheckMs: Date.parse(results[0]?.startedAt ?? '') - start, wholeMs };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

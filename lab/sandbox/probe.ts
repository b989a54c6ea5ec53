import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { minimalEnvironment } from './environment.ts';
import { startIsolated } from './isolated.ts';
import { namespaces } from './isolation.ts';

export interface ProbeResult {
  /** Whether namespaces could be made at all. */
  entered: boolean;
  code: number | null;
  /** What it printed, one line. */
  said: string;
}

/** Runs an isolated shell script. */
export async function probeIsolated(script: string): Promise<ProbeResult> {
  const isolated = startIsolated({
    isolation: namespaces(),
    argv: ['/bin/sh', '-c', script],
    env: minimalEnvironment({}),
    cwd: tmpdir(),
    writableDirs: [],
    runMiB: 16,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    foreground: false,
  });
  const { stdout, stderr } = isolated.process;
  const [end, out, err] = await Promise.all([
    isolated.ended,
    stdout ? text(stdout) : '',
    stderr ? text(stderr) : '',
  ]);
  const said = `${out} ${err}`.trim().split('\n')[0] ?? '';
  return { entered: end.stage !== 'set-up', code: end.code, said: said || (end.problem ?? '') };
}

/** Whether this user may have namespaces here, and why not. */
export async function canUnshare(): Promise<{ ok: boolean; why: string }> {
  const { entered, said } = await probeIsolated(':');
  return { ok: entered, why: entered ? 'namespaces work' : `no namespaces for this user: ${said}` };
}

import { readFileSync } from 'node:fs';
import type { ExecOptions, Host } from '../../src/model/host.ts';
import { asset } from '../../src/util/root.ts';

/** Runs a script of this folder on a host, wherever that is: one round trip, one program. */
export async function perl(
  host: Pick<Host, 'exec'>,
  script: string,
  words: (string | number)[],
  options: Omit<ExecOptions, 'input'> = {},
): Promise<string> {
  const command = `exec perl - ${words.map((word) => `'${word}'`).join(' ')}`;
  const { stdout } = await host.exec(command, { ...options, input: scriptText(script) });
  return stdout;
}

export const scriptPath = (script: string): string => asset(`lab/faults/${script}`);

const scriptText = (script: string): string => readFileSync(scriptPath(script), 'utf8');

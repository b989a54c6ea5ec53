import type { ExecOptions, ExecResult } from '../../src/model/host.ts';
import { CommandFailed, TimedOut } from '../../src/util/errors.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import type { Agent, StartOptions } from './agent.ts';

/** What a program gets and may do; `input` may be bytes. */
export interface RunOptions extends Omit<ExecOptions, 'input'> {
  input?: string | Uint8Array;
}

/** Standard output as it came. */
export interface RunResult extends Omit<ExecResult, 'stdout'> {
  stdout: Buffer;
}

/**
 * Runs a program through the agent to its end.
 * @param of the host's name and what is run, for messages.
 * @throws {CommandFailed} when it ends with a code not in `okCodes`; {TimedOut}, after which its process group is dead.
 */
export async function runToEnd(
  agent: Pick<Agent, 'start'>,
  start: Omit<StartOptions, 'wantsInput'>,
  of: { name: string; command: string },
  options: RunOptions = {},
): Promise<RunResult> {
  const limitMs = options.timeoutMs ?? timeoutMs.exec;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let exit: (code: number) => void = () => {};
  const exited = new Promise<number>((end) => {
    exit = end;
  });
  const child = await agent.start(
    { ...start, wantsInput: options.input !== undefined },
    { stdout: (data) => out.push(data), stderr: (data) => err.push(data), exit },
  );
  if (options.input !== undefined) {
    if (options.input.length > 0) child.write(options.input);
    child.closeInput();
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('KILL', 'group');
  }, limitMs);
  const code = await exited;
  clearTimeout(timer);
  const result = { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() };
  const said = () => result.stderr || result.stdout.toString();
  if (late) {
    throw new TimedOut(
      `«${of.command.trim().slice(0, 120)}» on ${of.name}`,
      limitMs,
      said().trim().split('\n').at(-1) ?? '',
    );
  }
  if (!(options.okCodes ?? [0]).includes(code)) {
    throw new CommandFailed(of.name, of.command, code < 0 ? null : code, said());
  }
  return result;
}

/** What a user can act on: a code for programs, one paragraph for people, and what to do about it. */

/** Exit codes of the command line; a contract with scripts that call drlab. */
export const exitCode = {
  conformant: 0,
  notConformant: 1,
  inconclusive: 2,
  nothingRan: 3,
  usage: 64,
  labFile: 65,
  unavailable: 69,
  bug: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export interface ErrorDetails {
  /** What the user can do about it, as one sentence or one command. */
  hint?: string;
  cause?: unknown;
}

/** Base of every error that drlab foresees; anything else is our own bug and shows its stack. */
export abstract class DrlabError extends Error {
  abstract readonly exit: ExitCode;
  readonly hint: string | undefined;
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint;
  }
}

export class UsageError extends DrlabError {
  readonly exit = exitCode.usage;
}

/** The lab file is wrong; `place` is `file:line:column` as editors understand it. */
export class LabFileError extends DrlabError {
  readonly exit = exitCode.labFile;
  constructor(
    readonly place: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(`${place}: ${message}`, details);
  }
}

/**
 * What the lab file has the lab do failed: a hook, or a start on files. `place` is where it stands in the lab, such as
 * `hooks.afterApply[0]`.
 */
export class StepFailed extends LabFileError {
  constructor(
    place: string,
    readonly what: string,
    hint = 'Correct it, or leave it out and try the command in the lab: drlab lab shell.',
  ) {
    super(place, what, { hint });
  }
}

/** No sandbox or driver can build this lab: each one that was tried, and why not. */
export class LabUnavailable extends DrlabError {
  readonly exit = exitCode.unavailable;
}

/** What was asked for is unavailable in this lab, such as a change in a read-only one: `unsupported`. */
export class CannotHere extends DrlabError {
  readonly exit = exitCode.unavailable;
}

/** What is asked for is not in this lab: no client, no such service. Where it can be foreseen, `unsupported`. */
export class NotInLab extends Error {}

/** A command on a host of the lab ended badly. */
export class CommandFailed extends DrlabError {
  readonly exit = exitCode.inconclusive;
  constructor(
    readonly host: string,
    readonly command: string,
    readonly code: number | null,
    readonly stderr: string,
    details: ErrorDetails = {},
  ) {
    super(endedBadly(host, command, code, stderr), details);
  }
}

/** How a command ended, in one sentence and the last lines of what it said. */
export function endedBadly(host: string, command: string, code: number | null, said: string): string {
  const lastLines = said.trim().split('\n').slice(-5).join('\n');
  return `on ${host}: «${firstLine(command)}» ended with ${code ?? 'a signal'}: ${lastLines}`;
}

/** Says what was waited for, how long, and the last thing seen. */
export class TimedOut extends DrlabError {
  readonly exit = exitCode.inconclusive;
  constructor(what: string, afterMs: number, lastSeen?: string) {
    super(`waited ${afterMs} ms for ${what}${lastSeen === undefined ? '' : `; last seen: ${lastSeen}`}`);
  }
}

/** The message of whatever was thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

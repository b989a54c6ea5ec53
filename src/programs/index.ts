import { readFileSync } from 'node:fs';
import type { ExecOptions, Host, SpawnedProcess } from '../model/host.ts';
import { asset } from '../util/root.ts';

/** drlab's programs that are not TypeScript, by the names of their files; each says in its head what it takes and prints. */
export const programNames = [
  'agent',
  'arp',
  'broadcast',
  'capture',
  'clock',
  'echo',
  'flap',
  'flood',
  'host-state',
  'inject',
  'launcher',
  'lay-files',
  'marked-requests',
  'own-datagrams',
  'own-sources',
  'processes',
  'receive-line',
  'receive-uploads',
  'request',
  'sctp-client',
  'sctp-server',
  'send-line',
  'silent',
  'sip-calls',
  'upload',
] as const;

export type ProgramName = (typeof programNames)[number];
export type ProgramWord = string | number;

/** Where the program lies on this machine. */
export const programPath = (name: ProgramName): string => asset(`src/programs/${name}.pl`);

const texts = new Map<ProgramName, string>();

export function programText(name: ProgramName): string {
  const text = texts.get(name) ?? readFileSync(programPath(name), 'utf8');
  texts.set(name, text);
  return text;
}

/** The program and its words for any machine with a Perl: nothing need lie there. An agent of drlab runs it by itself. */
export const programCommand = (name: ProgramName, words: ProgramWord[]): string[] => [
  'perl',
  '-e',
  programText(name),
  ...words.map(String),
];

/**
 * Runs one of drlab's programs on a host to its end.
 * @returns the words of each line that it printed.
 * @throws {CommandFailed} when it dies; {TimedOut}; {CannotHere} where the host is only looked at.
 */
export async function runProgram(
  host: Pick<Host, 'run'>,
  name: ProgramName,
  words: ProgramWord[],
  options?: ExecOptions,
): Promise<string[][]> {
  const { stdout } = await host.run(programCommand(name, words), options);
  return rowsOf(stdout);
}

/** Starts one of drlab's programs that goes on. */
export const startProgram = <P extends SpawnedProcess>(
  host: { spawn(argv: string[]): Promise<P> },
  name: ProgramName,
  words: ProgramWord[],
): Promise<P> => host.spawn(programCommand(name, words));

/** Words between single blanks; an empty line is one empty word. */
export const rowsOf = (text: string): string[][] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.split(' '));

#!/usr/bin/env node
import { exitCode } from '../util/errors.ts';
import { packageVersion } from './outside/package.ts';

/** Alone sets the exit code. All commands take half a second to load; whoever asks for the version need not wait for them. */
async function main(argv: string[]): Promise<number> {
  if (argv.length !== 3 || !['-V', '--version'].includes(argv[2] ?? ''))
    return (await import('./program.ts')).drlab(argv);
  process.stdout.write(`${packageVersion}\n`);
  return exitCode.conformant;
}

// A reader that goes away (head, less) is no error of ours.
process.stdout.on('error', () => {});
const code = await main(process.argv);
// What a slow reader of a pipe has not taken yet would be lost.
await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
process.exit(code);

/**
 * The real servers' program: `server.js FILE FD,FD,…`, started by launcher.pl with its sockets open.
 * One JSON object a line: says `{"ready": [names]}`; told `{"kill": name}`, answers `{"killed": name}`; told
 * `{"behave": name, "misconduct": {…}}`, answers `{"behaves": name}`.
 * Ends when its last real server is dead, or with its standard input.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ownCertificate } from './certificate.ts';
import type { Misconduct } from './conduct.ts';
import { parseLine } from './layout.ts';
import { RealServer } from './realserver.ts';

const [file = '', descriptors = ''] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map(parseLine);
const fds = descriptors.split(',').map(Number);
const servers = new Map(lines.map((line) => [line.server, new RealServer(line.server, ownCertificate)]));

const say = (value: object): void => {
  writeSync(1, `${JSON.stringify(value)}\n`);
};

await Promise.all(lines.map((line, i) => servers.get(line.server)?.open(line, fds[i] ?? -1)));
say({ ready: [...servers.keys()] });

const control = createInterface({ input: process.stdin });
control.on('close', () => process.exit());
control.on('line', async (text) => {
  const told = JSON.parse(text) as { kill: string } | { behave: string; misconduct?: Misconduct };
  if ('behave' in told) {
    servers.get(told.behave)?.behave(told.misconduct);
    say({ behaves: told.behave });
    return;
  }
  const { kill } = told;
  await servers.get(kill)?.die();
  servers.delete(kill);
  say({ killed: kill });
  if (servers.size === 0) process.exit();
});

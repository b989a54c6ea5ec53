import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { packageRoot } from '../../util/root.ts';
import { drlab, type Ended, TestFolder } from '../testing/drlab.ts';

/** A driver that cannot build the lab at all ends drlab with 69 and one paragraph, and is asked only once. */

const isRoot = process.getuid?.() === 0;
const become = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--no-new-privs'];
const built = `${packageRoot}/dist/src/cli/main.js`;
const othersCanRead = isRoot && spawnSync('setpriv', [...become.slice(1), 'test', '-r', built]).status === 0;

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function labFile(name: string, text: string): Promise<string> {
  const path = folder.at(`${name}.yaml`);
  await writeFile(path, text);
  return path;
}

const inDocker = (endpoint: string): string =>
  `driver: { docker: { endpoint: "${endpoint}" } }\ndirectors: { with: nftables }\n`;

function expectRefusal({ code, stdout, stderr }: Ended, says: RegExp): void {
  expect({ code, says: stderr }).toEqual({ code: 69, says: expect.stringMatching(says) });
  expect(stderr).not.toMatch(/^\s+at |Error:/m);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  // No check is reported that never had a lab.
  if (!stdout.startsWith('{')) expect(stdout).not.toMatch(/[A-Z]-\d\d |broke/);
}

describe('a Docker', () => {
  it.each([
    ['run', 'arp', 'path'],
    ['mutants', 'ARP-01', 'ARP-02'],
  ])('that does not run: drlab %s', async (...args) => {
    const lab = await labFile('nonexistent', inDocker('unix:///nonexistent'));
    const out = folder.at(`nonexistent-${args[0]}`);
    const ended = await drlab([...args, '--lab', lab, '--out', out]);
    expectRefusal(ended, /^drlab: no Docker is running at unix:\/\/\/nonexistent .*\n +start it/);
    const { exitCode, faults, results } = await readRecord(out);
    expect(exitCode).toBe(69);
    expect(faults).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^no Docker is running/) }),
    ]);
    expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['broken']));
    const events = readFileSync(`${out}/raw/events.ndjson`, 'utf8');
    expect(events.match(/"type":"unavailable"/g)).toHaveLength(1);
  });

  it('that does not run, for a program: the record is all there is on standard output', async () => {
    const lab = await labFile('json', inDocker('tcp://127.0.0.1:1'));
    const ended = await drlab(['run', 'ARP-01', '--lab', lab, '--json', '--out', folder.at('json')]);
    expectRefusal(ended, /^drlab: no Docker is running at tcp:\/\/127\.0\.0\.1:1 /);
    const { exitCode, results } = JSON.parse(ended.stdout);
    expect({ exitCode, first: results[0]?.id }).toEqual({ exitCode: 69, first: 'ARP-01' });
  });

  it('whose API is too old', async () => {
    await using old = await dockerThatSays({ ApiVersion: '1.38' }, folder.at('old.sock'));
    const lab = await labFile('old', inDocker(old.endpoint));
    const ended = await drlab(['run', 'ARP-01', '--lab', lab, '--out', folder.at('old')]);
    expectRefusal(
      ended,
      /speaks API 1\.38; drlab needs 1\.40 \(Docker 19\.03\) or newer\.\n +update that Docker/,
    );
  });

  it.runIf(othersCanRead)('that this user may not use', async () => {
    await using closed = await dockerThatSays({ ApiVersion: '1.41' }, folder.at('closed.sock'));
    await chmod(folder.at('closed.sock'), 0o600);
    await mkdir(folder.at('user'));
    await chown(folder.at('user'), 1000, 1000);
    const lab = await labFile('closed', inDocker(closed.endpoint));
    const ended = await drlab(['run', 'ARP-01', '--lab', lab, '--out', folder.at('user', 'out')], {
      prefix: become,
      env: { HOME: folder.at('user') },
    });
    expectRefusal(
      ended,
      /^drlab: this user may not use the Docker at .*permission denied\.\n +join the group docker/,
    );
  });
});

describe('a machine over ssh', () => {
  const lab = (key: string) => {
    const host = (name: string, ip: string) =>
      `{ name: ${name}, ip: ${ip}, machine: { address: 127.0.0.1, port: 1, key: ${key} } }`;
    return [
      'driver: { ssh: { knownHosts: /dev/null } }',
      `directors: { with: nftables, hosts: [${host('d1', '198.18.0.7')}] }`,
      `realServers: [${host('rs1', '198.18.0.8')}]`,
      `clients: [${host('c1', '198.18.0.9')}]\n`,
    ].join('\n');
  };

  it('that cannot be reached', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', folder.at('key')]);
    const file = await labFile('unreachable', lab(folder.at('key')));
    const ended = await drlab(['run', 'arp', '--lab', file, '--out', folder.at('unreachable')]);
    expectRefusal(ended, /^drlab: root@127\.0\.0\.1 port 1 cannot be reached by ssh: .*ECONNREFUSED/);
  });

  it('for which there is no key', async () => {
    const file = await labFile('keyless', lab('/nowhere/key'));
    const ended = await drlab(['mutants', 'ARP-01', '--lab', file, '--out', folder.at('keyless')]);
    expectRefusal(ended, /^drlab: the private key \/nowhere\/key cannot be read/);
  });
});

/** Answers every request with this. */
async function dockerThatSays(body: object, path: string): Promise<AsyncDisposable & { endpoint: string }> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  return {
    endpoint: `unix://${path}`,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

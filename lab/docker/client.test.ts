import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, isOlder } from './client.ts';

test.each([
  ['1.39', '1.40', true],
  ['1.40', '1.40', false],
  ['1.9', '1.40', true],
  ['1.100', '1.44', false],
  ['2.0', '1.44', false],
])('API %s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});

describe('a Docker that cannot be used', () => {
  let folder: string;
  const servers: Server[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drlab-client-'));
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  async function dockerThatSays(status: number, body: object): Promise<string> {
    const path = join(folder, `${servers.length}.sock`);
    const server = createServer((_, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(path, listening));
    return `unix://${path}`;
  }

  test('does not run', async () => {
    const endpoint = `unix://${folder}/none.sock`;
    await expect(connect(endpoint)).rejects.toMatchObject({
      exit: 69,
      message: expect.stringContaining(`no Docker is running at ${endpoint}`),
      hint: expect.stringContaining('systemctl start docker'),
    });
  });

  test('is not at home on that port', async () => {
    await expect(connect('tcp://127.0.0.1:1')).rejects.toMatchObject({
      message: expect.stringMatching(/no Docker is running at tcp:\/\/127.0.0.1:1 /),
    });
  });

  test('is too old', async () => {
    const endpoint = await dockerThatSays(200, { ApiVersion: '1.38' });
    await expect(connect(endpoint)).rejects.toMatchObject({
      exit: 69,
      message: expect.stringMatching(/speaks API 1\.38; drlab needs 1\.40 \(Docker 19\.03\) or newer/),
      hint: expect.stringContaining('endpoint: own'),
    });
  });

  test('is something else', async () => {
    const endpoint = await dockerThatSays(500, { message: 'I am a teapot' });
    await expect(connect(endpoint)).rejects.toMatchObject({
      exit: 69,
      message: expect.stringMatching(/cannot be reached: .*teapot/),
    });
  });

  test('is good enough', async () => {
    const docker = await connect(await dockerThatSays(200, { ApiVersion: '1.41' }));
    expect((await docker.version()).ApiVersion).toBe('1.41');
  });
});

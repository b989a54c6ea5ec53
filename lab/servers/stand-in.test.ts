import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createSecureContext } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Spoken } from '../../src/model/serves.ts';
import { Conduct } from './conduct.ts';
import { stand } from './stand-in.ts';
import { Turns } from './turns.ts';

let folder: string;
let secure: () => ReturnType<typeof createSecureContext>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drlab-tls-'));
  const [key, cert] = ['key', 'cert'].map((name) => join(folder, name)) as [string, string];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [...made, '-subj', '/CN=x', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  secure = () => createSecureContext({ key: readFileSync(key), cert: readFileSync(cert) });
});
afterAll(() => rmSync(folder, { recursive: true }));

let listener: Server | undefined;
afterEach(() => listener?.close());

const pages = [
  { host: 'shop.example', path: '/', status: 301, body: 'moved' },
  { path: '/health', status: 503 },
];

/** What a server that speaks so answers to these words, until it ends or has said enough. */
async function answer(
  spoken: Spoken,
  words: string | Buffer,
  tls = false,
  enough = /\r\n\r\n.*\n|\n$/s,
  conduct = new Conduct(),
) {
  const answering = { name: 'rs1', delayMs: 0, bodyBytes: 0, turns: new Turns(0), conduct };
  const server = createServer((socket) =>
    stand(socket, { spoken, pages, rip: '198.18.1.1' }, answering, secure),
  );
  listener = server;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const to = { port, host: '127.0.0.1' };
  const client = tls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to);
  if (words.length > 0) client.write(words);
  return new Promise<Buffer>((resolve, reject) => {
    let said = Buffer.alloc(0);
    client.on('data', (chunk) => {
      said = Buffer.concat([said, chunk]);
      if (enough.test(said.toString('latin1'))) client.destroy();
    });
    client.on('error', reject);
    client.on('close', () => resolve(said));
  });
}

const get = (path: string, host = '198.18.0.100:80') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const text = async (...asked: Parameters<typeof answer>) => (await answer(...asked)).toString('latin1');

describe('a port', () => {
  it.each(['http', 'https', 'smtp', 'dns', 'tcp'] as const)(
    'with %s says who answers to drlab itself',
    async (spoken) => expect(await text(spoken, get('/'))).toMatch(/\r\n\r\nrs1 127\.0\.0\.1\n$/),
  );

  it('with https speaks TLS', async () =>
    expect(await text('https', get('/'), true)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*rs1 127\.0\.0\.1\n$/s));

  it('has pages for URLs and virtual hosts', async () => {
    expect(await text('http', get('/?x=1', 'Shop.example:80'), false, /moved/)).toMatch(
      /^HTTP\/1\.1 301 .*Content-Length: 5\r\n.*\r\n\r\nmoved$/s,
    );
    expect(await text('http', get('/health'))).toMatch(/^HTTP\/1\.1 503 .*rs1 /s);
  });

  it('with smtp speaks first, and takes a mail', async () => {
    expect(await text('smtp', '')).toBe('220 rs1 ESMTP\r\n');
    const mail = 'EHLO a\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nQUIT\r\n.\r\nQUIT\r\n';
    expect(await text('smtp', mail, false, /221/)).toBe(
      '220 rs1 ESMTP\r\n250 hello\r\n250 ok\r\n250 ok\r\n354 end with a dot\r\n250 ok\r\n221 bye\r\n',
    );
  });

  it('with tcp sends back what comes', async () => expect(await text('tcp', 'a\0b\n')).toBe('a\0b\n'));

  it.each(['smtp', 'tcp', 'https'] as const)('with %s hangs while it is to, and goes on', async (spoken) => {
    const conduct = new Conduct();
    conduct.set({ hang: true });
    let isWell = false;
    setTimeout(() => {
      isWell = true;
      conduct.set(undefined);
    }, 200);
    expect(await text(spoken, spoken === 'tcp' ? 'x\n' : get('/'), false, undefined, conduct)).toMatch(/\n$/);
    expect(isWell).toBe(true);
  });

  it('with sctp says its name at once', async () => expect(await text('sctp', '')).toBe('rs1\n'));
});

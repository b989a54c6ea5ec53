import { createServer, type Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Conduct } from './conduct.ts';
import { serveHttp } from './http.ts';
import { Turns } from './turns.ts';

/** A real server on a socket of this machine's loopback, which is told to behave badly. */
let conduct: Conduct;
let server: Server;
const sockets: Socket[] = [];

beforeEach(async () => {
  conduct = new Conduct();
  const answering = { name: 'rs1', delayMs: 0, bodyBytes: 0, turns: new Turns(0), conduct };
  server = createServer((socket) => serveHttp(socket, answering));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

async function connection() {
  const socket = new Socket();
  sockets.push(socket);
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  return (): Promise<string> => {
    socket.write('GET / HTTP/1.1\r\n\r\n');
    return new Promise((resolve) =>
      socket.once('data', (data) => resolve(data.toString().split('\r\n')[0] ?? '')),
    );
  };
}

it('answers with another status, and well again, on the same connection', async () => {
  const ask = await connection();
  expect(await ask()).toBe('HTTP/1.1 200 OK');
  conduct.set({ status: 500 });
  expect(await ask()).toBe('HTTP/1.1 500 Internal Server Error');
  conduct.set(undefined);
  expect(await ask()).toBe('HTTP/1.1 200 OK');
});

it('answers late', async () => {
  const ask = await connection();
  conduct.set({ delayMs: 120 });
  const start = performance.now();
  await ask();
  expect(performance.now() - start).toBeGreaterThan(110);
});

it('does not answer while it hangs, and then answers what it was asked', async () => {
  const ask = await connection();
  conduct.set({ hang: true });
  let answered = false;
  const answer = ask().then((line) => {
    answered = true;
    return line;
  });
  const other = await connection();
  await expect(
    Promise.race([other(), new Promise((resolve) => setTimeout(resolve, 80, 'nothing'))]),
  ).resolves.toBe('nothing');
  expect(answered).toBe(false);
  conduct.set(undefined);
  expect(await answer).toBe('HTTP/1.1 200 OK');
});

it('treats only those clients so that it is told of', async () => {
  const ask = await connection();
  conduct.set({ status: 500, clients: ['198.18.0.2'] });
  expect(await ask()).toBe('HTTP/1.1 200 OK');
  conduct.set({ status: 503, clients: ['127.0.0.1'] });
  expect(await ask()).toBe('HTTP/1.1 503 Service Unavailable');
});

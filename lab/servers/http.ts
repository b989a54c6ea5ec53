import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Page } from '../../src/model/serves.ts';
import type { Conduct } from './conduct.ts';
import { pageFor } from './pages.ts';
import { parseRequest, type Request } from './request.ts';
import type { Turns } from './turns.ts';

export interface Answering {
  /** The real server's name. */
  name: string;
  delayMs: number;
  bodyBytes: number;
  /** Shared by all connections of the real server. */
  turns: Turns;
  conduct: Conduct;
}

/**
 * Speaks HTTP/1.1 on a connection. On node:net, since node:http costs more than half of the requests per second.
 * Keep-alive clients repeat themselves, so the last head and its answer are kept.
 */
export function serveHttp(socket: Socket, answering: Answering, pages?: readonly Page[]): void {
  const client = socket.remoteAddress ?? '';
  let pending = '';
  let waiting = false;
  let last: { text: string; request: Request; answer: Buffer; page: Page | undefined } | undefined;

  const next = (): void => {
    while (!waiting && pending !== '' && !socket.writableEnded) {
      const misconduct = answering.conduct.toward(client);
      if (misconduct?.hang) {
        hang();
        return;
      }
      if (last?.text !== pending) {
        const request = parseRequest(pending);
        if (request === 'partial' || pending.length < request.bytes) return;
        const text = pending.slice(0, request.bytes);
        const page = pages && pageFor(pages, text);
        last = { text, request, page, answer: formatAnswer(answering, client, request, page) };
      }
      pending = pending.slice(last.text.length);
      const { status = 200, delayMs = 0 } = misconduct ?? {};
      const answer =
        status === 200
          ? last.answer
          : formatAnswer(answering, client, last.request, { ...last.page, status });
      send(last.request, answer, delayMs);
    }
  };
  /** As a program that is stopped: what comes stays in the kernel, and is answered when it goes on. */
  const goOn = (): void => {
    socket.resume();
    next();
  };
  const hang = (): void => {
    socket.pause();
    answering.conduct.onChange(goOn);
  };
  const send = (request: Request, answer: Buffer, moreMs: number): void => {
    const delayMs = (request.delayMs ?? answering.delayMs) + moreMs;
    if (delayMs === 0) {
      reply(request, answer);
      return;
    }
    waiting = true;
    answering.turns.take(() => {
      // Nobody works for a client that has gone meanwhile.
      if (socket.destroyed) answering.turns.give();
      else setTimeout(() => done(request, answer), delayMs);
    });
  };
  const done = (request: Request, answer: Buffer): void => {
    answering.turns.give();
    waiting = false;
    if (socket.destroyed) return;
    reply(request, answer);
    next();
  };
  const reply = (request: Request, answer: Buffer): void => {
    socket.write(answer);
    if (!request.keepAlive) socket.end();
  };

  socket.on('error', () => {});
  socket.on('close', () => answering.conduct.forget(goOn));
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    try {
      next();
    } catch {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
  });
}

/** The body's first line names the real server and the client as it was seen; filler follows. That of a page is the page's. */
export function formatAnswer(
  answering: Pick<Answering, 'name' | 'bodyBytes'>,
  client: string,
  request: Pick<Request, 'keepAlive' | 'headOnly' | 'bodyBytes'>,
  { status = 200, body: given }: Partial<Page> = {},
): Buffer {
  const line = Buffer.from(given ?? `${answering.name} ${client}\n`);
  const fillerBytes = given === undefined ? (request.bodyBytes ?? answering.bodyBytes) : 0;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    'Content-Type: text/plain',
    `Content-Length: ${line.length + fillerBytes}`,
    `X-Real-Server: ${answering.name}`,
    `Connection: ${request.keepAlive ? 'keep-alive' : 'close'}`,
  ].join('\r\n');
  const body = request.headOnly ? [] : [line, Buffer.alloc(fillerBytes, 'x')];
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), ...body]);
}

import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Page, Spoken } from '../../src/model/serves.ts';
import { answerOverTcp, type Known } from './dns.ts';
import { type Answering, serveHttp } from './http.ts';
import { greet } from './smtp.ts';

/** What is spoken on a socket where a lab file says so, and what is said. */
export interface StandIn extends Known {
  spoken: Spoken;
  pages?: Page[];
  banner?: string;
}

/** A request of HTTP, whatever else is spoken: what drlab itself asks, to learn who answers. */
const isHttp = (chunk: Buffer): boolean =>
  /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) \//.test(chunk.toString('latin1', 0, 16));
/** First byte of a record with a ClientHello (RFC 8446, 5.1). */
const handshake = 0x16;

/** Who speaks first on a mail server's port waits so long for a client that does. */
const firstWordMs = 50;

/** Serves a connection by what it begins with. */
export function stand(
  socket: Socket,
  standIn: StandIn,
  answering: Answering,
  secure: () => SecureContext,
): void {
  const { spoken } = standIn;
  const http = (on: Socket) => serveHttp(on, answering, standIn.pages);
  if (spoken === 'http') {
    http(socket);
    return;
  }
  if (spoken === 'sctp') {
    socket.on('error', () => {});
    socket.end(`${answering.name}\n`);
    return;
  }
  const client = socket.remoteAddress ?? '';
  let go = (): void => {};
  const begin = (chunk?: Buffer): void => {
    clearTimeout(waiting);
    socket.off('data', begin);
    socket.pause();
    if (chunk) socket.unshift(chunk);
    go = () => speak(chunk);
    if (answering.conduct.toward(client)?.hang) answering.conduct.onChange(go);
    else go();
  };
  const speak = (chunk: Buffer | undefined): void => {
    if (socket.destroyed) return;
    socket.off('error', ignore);
    if (chunk && isHttp(chunk)) http(socket);
    else if (spoken === 'https' && chunk?.[0] === handshake)
      http(new TLSSocket(socket, { isServer: true, secureContext: secure() }));
    else if (spoken === 'smtp') greet(socket, standIn.banner ?? `220 ${answering.name} ESMTP`);
    else if (spoken === 'dns') answerOverTcp(socket, answering.name, standIn);
    else if (spoken === 'tcp') echo(socket);
    else http(socket);
    process.nextTick(() => socket.resume());
  };
  const ignore = (): void => {};
  const waiting = spoken === 'smtp' ? setTimeout(begin, firstWordMs) : undefined;
  socket.on('error', ignore);
  socket.on('close', () => {
    clearTimeout(waiting);
    answering.conduct.forget(go);
  });
  socket.once('data', begin);
}

function echo(socket: Socket): void {
  socket.on('error', () => {});
  socket.pipe(socket);
}

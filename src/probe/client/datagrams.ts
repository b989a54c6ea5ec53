import { createSocket, type Socket, type SocketType } from 'node:dgram';
import { once } from 'node:events';
import { isIpv6 } from '../../util/ipv6.ts';
import { nowNs, usSince } from './clock.ts';
import { failureOf } from './failure.ts';
import { freshPort } from './ports.ts';
import type { Answer, DatagramsOptions, Target } from './types.ts';

const defaultTimeoutMs = 1_000;

/** A UDP socket that is connected, so that ICMP errors reach it. */
export async function udpSocket(target: Target, localAddress?: string): Promise<Socket> {
  const socket = await boundSocket(isIpv6(target.ip) ? 'udp6' : 'udp4', localAddress);
  socket.connect(target.port, target.ip);
  await once(socket, 'connect');
  return socket;
}

/** On a fresh port; on a machine that is the user's, a program of theirs may have it. */
async function boundSocket(type: SocketType, localAddress?: string, tries = 8): Promise<Socket> {
  const socket = createSocket(type);
  try {
    socket.bind({
      port: freshPort(localAddress, 'udp'),
      ...(localAddress !== undefined && { address: localAddress }),
    });
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    if (tries === 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return boundSocket(type, localAddress, tries - 1);
  }
}

/** What a real server sends back: its name, a space, the payload, and as many `x` as the lab file wants of a body. */
export function parseEcho(text: string): { server: string; payload: string } {
  const space = text.indexOf(' ');
  return space < 0
    ? { server: text.trim(), payload: '' }
    : { server: text.slice(0, space), payload: text.slice(space + 1).replace(/x*\s*$/, '') };
}

/** One datagram after the other, each after the answer to the one before. */
export async function datagrams(target: Target, o: DatagramsOptions): Promise<Answer[]> {
  const { from = [], sockets: number = 1 } = o;
  const sockets = await Promise.all(
    Array.from({ length: number }, (_, i) => udpSocket(target, from[i % Math.max(from.length, 1)])),
  );
  const answers: Answer[] = [];
  try {
    for (let i = 0; i < o.count; i += 1) {
      const socket = sockets[i % sockets.length] as Socket;
      const payload = `${i}`.padEnd(o.payloadBytes ?? 0, '.');
      answers.push(await datagramOnce(socket, payload, o.timeoutMs ?? defaultTimeoutMs));
    }
  } finally {
    for (const socket of sockets) socket.close();
  }
  return answers;
}

function datagramOnce(socket: Socket, payload: string, timeoutMs: number): Promise<Answer> {
  const startNs = nowNs();
  const localPort = socket.address().port;
  return new Promise((resolve) => {
    const done = (part: Pick<Answer, 'ok' | 'bytes'> & { server?: string; error?: string }) => {
      clearTimeout(timer);
      socket.removeAllListeners('message').removeAllListeners('error');
      socket.on('error', () => undefined);
      resolve({ ...part, localPort, latencyUs: usSince(startNs) });
    };
    const fail = (error: unknown) => done({ ok: false, bytes: 0, error: failureOf(error) });
    const timer = setTimeout(() => done({ ok: false, bytes: 0, error: 'timeout' }), timeoutMs);
    socket.removeAllListeners('error').on('error', fail);
    socket.on('message', (message) => {
      const echo = parseEcho(message.toString('latin1'));
      // The answer to an earlier datagram that was given up.
      if (echo.payload !== payload) return;
      done({ ok: true, server: echo.server, bytes: message.length });
    });
    socket.send(payload, (error) => error && fail(error));
  });
}

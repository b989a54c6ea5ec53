import { connect, type Socket } from 'node:net';
import { endpoint } from '../../util/ipv6.ts';
import { failureOf } from './failure.ts';
import { HttpParser, type HttpReply } from './http-parser.ts';
import { askedPort, freshPort } from './ports.ts';
import type { Target } from './types.ts';

/** What one request came to: an answer, or the name of the failure. */
export type Outcome = HttpReply & { error?: string };

export interface From {
  localAddress?: string | undefined;
  localPort?: number | undefined;
}

/**
 * One TCP connection that requests are written to without waiting for earlier answers; answers are matched in
 * order. When the connection fails, every request without an answer gets the failure, also later ones.
 */
export class Connection {
  readonly #target: Target;
  readonly #socket: Socket;
  readonly #parser = new HttpParser();
  readonly #waiting: ((outcome: Outcome) => void)[] = [];
  #failure: string | undefined;
  readonly #localPort: number;
  /** Settled when it is connected, or never will be. */
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;

  constructor(target: Target, from: From = {}) {
    this.#target = target;
    this.#localPort = from.localPort === undefined ? freshPort(from.localAddress) : askedPort(from.localPort);
    const socket = connect({
      host: target.ip,
      port: target.port,
      noDelay: true,
      localPort: this.#localPort,
      ...(from.localAddress !== undefined && { localAddress: from.localAddress }),
    });
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('end', () => this.#settle(this.#parser.end()));
    socket.on('error', (error) => {
      this.#failure ??= failureOf(error);
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#failAll(this.#failure ?? 'closed');
        resolve();
      });
    });
    this.opened = Promise.race([
      new Promise<void>((done) => socket.on('connect', () => done())),
      this.closed,
    ]);
  }

  get localPort(): number {
    return this.#localPort;
  }

  /** Why it can carry no more requests. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** @param last asks the server to close afterwards, so that the client's port is free at once */
  ask(path: string, done: (outcome: Outcome) => void, last = false): void {
    if (this.#failure !== undefined) {
      done({ ok: false, bytes: 0, error: this.#failure });
      return;
    }
    this.#waiting.push(done);
    const close = last ? 'Connection: close\r\n' : '';
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${endpoint(this.#target.ip, this.#target.port)}\r\n${close}\r\n`,
    );
  }

  end(): void {
    this.#socket.end();
  }

  /** Gives up on it; requests without an answer get this failure. */
  abort(failure: string): void {
    this.#failure ??= failure;
    this.#socket.destroy();
    this.#failAll(this.#failure);
  }

  #read(chunk: Buffer): void {
    try {
      for (const reply of this.#parser.feed(chunk)) this.#settle(reply);
    } catch {
      this.abort('wrong-answer');
    }
  }

  #settle(reply: HttpReply | undefined): void {
    if (!reply) return;
    this.#waiting.shift()?.(reply.ok ? reply : { ...reply, error: 'wrong-answer' });
  }

  #failAll(failure: string): void {
    this.#failure ??= failure;
    for (const done of this.#waiting.splice(0)) done({ ok: false, bytes: 0, error: failure });
  }
}

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { Conduct, type Misconduct } from './conduct.ts';
import { serveHttp } from './http.ts';
import type { SocketLine } from './layout.ts';
import { Turns } from './turns.ts';

/** One real server: the sockets that the launcher opened for it, and the connections on them. */
export class RealServer {
  readonly #listeners: Server[] = [];
  readonly #datagrams: DatagramSocket[] = [];
  readonly #connections = new Set<Socket>();
  readonly #conduct = new Conduct();
  #turns: Turns | undefined;

  constructor(readonly name: string) {}

  async open(line: SocketLine, fd: number): Promise<void> {
    if (line.misconduct) this.behave(line.misconduct);
    await (line.protocol === 'tcp' ? this.#listen(line, fd) : this.#receive(line, fd));
  }

  /** Behaves so from the next request on; undefined: well. */
  behave(misconduct: Misconduct | undefined): void {
    this.#conduct.set(misconduct);
  }

  /** As if the service had crashed: nobody listens, and every connection is reset. */
  async die(): Promise<void> {
    const closed = [
      ...this.#listeners.map((listener) => new Promise((done) => listener.close(done))),
      ...this.#datagrams.map((socket) => new Promise<void>((done) => socket.close(done))),
    ];
    for (const connection of this.#connections) connection.resetAndDestroy();
    await Promise.all(closed);
  }

  #listen(line: SocketLine, fd: number): Promise<void> {
    this.#turns ??= new Turns(line.concurrency);
    const { delayMs, bodyBytes } = line;
    const answering = { name: this.name, delayMs, bodyBytes, turns: this.#turns, conduct: this.#conduct };
    const listener = createServer({ noDelay: true }, (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
      serveHttp(socket, answering);
    });
    this.#listeners.push(listener);
    return new Promise((resolve, reject) => {
      listener.on('error', reject);
      listener.listen({ fd }, 4096, resolve);
    });
  }

  #receive(line: SocketLine, fd: number): Promise<void> {
    const socket = createSocket(isIpv6(line.address) ? 'udp6' : 'udp4');
    const prefix = Buffer.from(`${this.name} `);
    const filler = Buffer.alloc(line.bodyBytes, 'x');
    socket.on('message', (payload, { port, address }) => {
      const answer = (): void => {
        const misconduct = this.#conduct.toward(address);
        if (misconduct?.hang) {
          this.#conduct.onChange(answer);
          return;
        }
        const delayMs = line.delayMs + (misconduct?.delayMs ?? 0);
        if (delayMs === 0) send();
        else setTimeout(send, delayMs);
      };
      const send = () => socket.send([prefix, payload, filler], port, address, () => {});
      answer();
    });
    this.#datagrams.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.bind({ fd }, resolve);
    });
  }
}

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { Conduct, type Misconduct } from './conduct.ts';
import { dnsAnswer } from './dns.ts';
import { serveHttp } from './http.ts';
import type { SocketLine } from './layout.ts';
import { stand } from './stand-in.ts';
import { Turns } from './turns.ts';

/** One real server: the sockets that the launcher opened for it, and the connections on them. */
export class RealServer {
  readonly #listeners: Server[] = [];
  readonly #datagrams: DatagramSocket[] = [];
  readonly #connections = new Set<Socket>();
  readonly #conduct = new Conduct();
  #turns: Turns | undefined;

  /** @param certificate asked for when TLS is spoken first. */
  constructor(
    readonly name: string,
    private readonly certificate: () => SecureContext,
  ) {}

  async open(line: SocketLine, fd: number): Promise<void> {
    if (line.misconduct) this.behave(line.misconduct);
    await (line.protocol === 'udp' ? this.#receive(line, fd) : this.#listen(line, fd));
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
      if (line.standIn) stand(socket, line.standIn, answering, this.certificate);
      else serveHttp(socket, answering);
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
      const named = line.standIn?.spoken === 'dns' ? dnsAnswer(payload, this.name, line.standIn) : undefined;
      const send = () => socket.send(named ? [named] : [prefix, payload, filler], port, address, () => {});
      answer();
    });
    this.#datagrams.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.bind({ fd }, resolve);
    });
  }
}

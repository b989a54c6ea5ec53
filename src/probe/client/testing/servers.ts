/** For tests: a real server on loopback whose behaviour can be broken, and a lab with a prober in this process. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { SpawnedProcess } from '../../../model/host.ts';
import type { Lab } from '../../../model/lab.ts';
import { Scope } from '../../../util/scope.ts';
import { serve } from '../serve.ts';
import type { Target } from '../types.ts';

/** `stall`: answers are held back until the mode changes. `drop`: they are lost. `reset`: connections are. */
export type Mode = 'answer' | 'stall' | 'drop' | 'reset' | 'sick';

export interface FakeServer extends AsyncDisposable {
  target: Target;
  connections: number;
  set(mode: Mode): void;
  /** Closes the listener and every connection; `listen` brings it back on the same port. */
  shut(): Promise<void>;
  listen(): Promise<void>;
}

/** TCP and UDP on one port of 127.0.0.1, answering as the lab's real servers do. */
export async function fakeServer(name = 'rs1'): Promise<FakeServer> {
  let mode: Mode = 'answer';
  let held: (() => void)[] = [];
  const open = new Set<Socket>();
  const act = (answer: () => void) => {
    if (mode === 'stall') held.push(answer);
    else if (mode !== 'drop') answer();
  };

  const tcp = createServer((socket) => {
    server.connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    socket.on('data', (data) => {
      if (mode === 'reset') {
        socket.resetAndDestroy();
        return;
      }
      for (const head of data.toString().split('\r\n\r\n').slice(0, -1)) {
        const bytes = Number(/bytes=(\d+)/.exec(head)?.[1] ?? 0);
        const body = `${name} ${socket.remoteAddress}\n${'x'.repeat(bytes)}`;
        const status = mode === 'sick' ? '503 Service Unavailable' : '200 OK';
        act(() => {
          socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
          if (/^connection: close/im.test(head)) socket.end();
        });
      }
    });
  });
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => act(() => udp.send(`${name} ${message}`, from.port, from.address)));

  const server: FakeServer = {
    target: { ip: '127.0.0.1', port: 0 },
    connections: 0,
    set(next) {
      mode = next;
      if (next !== 'stall') for (const answer of held.splice(0)) answer();
      held = [];
    },
    async shut() {
      for (const socket of open) socket.destroy();
      tcp.close();
      await once(tcp, 'close');
    },
    async listen() {
      tcp.listen(server.target.port, '127.0.0.1');
      await once(tcp, 'listening');
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      tcp.close();
      udp.close();
    },
  };
  await server.listen();
  server.target.port = (tcp.address() as { port: number }).port;
  udp.bind(server.target.port, '127.0.0.1');
  await once(udp, 'listening');
  return server;
}

/** A lab that has nothing but clients; `kill` is what a client's program can suffer. */
export function fakeLab(): { lab: Lab; scope: Scope; spawned: string[]; kill: () => void } {
  const scope = new Scope();
  const spawned: string[] = [];
  const programs: SpawnedProcess[] = [];
  const host = (name: string) => ({
    spawn: async () => {
      spawned.push(name);
      const program = inProcess();
      programs.push(program);
      return program;
    },
  });
  const kill = () => {
    for (const program of programs) program.kill('SIGKILL');
  };
  return { lab: { scope, host } as unknown as Lab, scope, spawned, kill };
}

/** The prober's program without a process of its own. */
function inProcess(): SpawnedProcess {
  const input = new Lines();
  const output = new Lines();
  const ended = serve(input, (line) => output.push(line.trimEnd())).then(() => {
    output.end();
    return 0;
  });
  return {
    pid: 0,
    write: (text) => input.push(text.trimEnd()),
    lines: () => output,
    stderr: () => 'last words',
    kill: () => input.end(),
    exited: ended,
    async [Symbol.asyncDispose]() {
      input.end();
      await ended;
    },
  };
}

/** Lines from one side to the other. */
class Lines implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  push(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import type { AgentChild } from '../agent/agent.ts';
import { counters } from '../capture/tcpdump.ts';
import type { Inspection } from './inspect.ts';
import type { Machine } from './machine.ts';

export interface CaptureAt extends Omit<CaptureOptions, 'at'> {
  device: string;
  /** `out`: only what leaves, so that over all machines each frame of the segment is seen once, at its sender. */
  direction: 'out' | 'inout';
  /** The connection by which we look; what it carries is not part of the lab. */
  ssh: Inspection['ssh'];
}

/** tcpdump on a machine, whose file comes over the connection as it grows: nothing is written there. */
export async function captureOn(machine: Machine, at: CaptureAt): Promise<RunningCapture> {
  const argv = ['tcpdump', '-i', at.device, '-Q', at.direction, '-n', '-U', '--immediate-mode', '-Z', 'root'];
  argv.push('-B', '16384', '-s', String(at.snapLengthBytes ?? 262_144), '-w', '-', filterOf(at));
  const capture = new RemoteCapture(machine.name, argv.join(' '));
  await capture.start(machine, argv);
  return capture;
}

/** @returns the filter, without our own connection. */
export function filterOf({ filter, ssh }: Pick<CaptureAt, 'filter' | 'ssh'>): string {
  const wanted = filter.trim() === '' ? '' : `(${filter}) and `;
  if (!ssh) return filter;
  return `${wanted}not (host ${ssh.clientIp} and tcp port ${ssh.clientPort} and tcp port ${ssh.serverPort})`;
}

class RemoteCapture implements RunningCapture {
  readonly #chunks: Buffer[] = [];
  #stderr = '';
  #exitCode: number | undefined;
  #child: AgentChild | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: string,
    private readonly command: string,
  ) {}

  async start(machine: Machine, argv: string[]): Promise<void> {
    let ended = () => {};
    this.#ended = new Promise((resolve) => {
      ended = resolve;
    });
    this.#child = await machine.start(
      { host: '', cwd: '/', argv, wantsInput: false },
      {
        stdout: (data) => this.#chunks.push(data),
        stderr: (data) => {
          this.#stderr += data.toString();
        },
        exit: (code) => {
          this.#exitCode = code;
          ended();
        },
      },
    );
    await until(
      `tcpdump on ${this.host} to listen`,
      () => {
        if (this.#exitCode === undefined) return /listening on/.test(this.#stderr) || undefined;
        throw machine.lost ?? new CommandFailed(this.host, this.command, this.#exitCode, this.#stderr);
      },
      { withinMs: timeoutMs.ready, everyMs: 5, lastSeen: () => this.#stderr },
    );
  }

  async stop(): Promise<Uint8Array> {
    if (this.#exitCode === undefined) {
      await this.#drained();
      this.#child?.kill('SIGINT', 'process');
    }
    await this.#ended;
    return Buffer.concat(this.#chunks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exitCode === undefined) this.#child?.kill('SIGKILL', 'process');
    await this.#ended;
  }

  /** As in a lab of namespaces: SIGUSR1 makes tcpdump print its counters, until all that came is written. */
  async #drained(): Promise<void> {
    let previous = '';
    let [asked, unchanged] = [0, 0];
    await until(
      `tcpdump on ${this.host} to write out its buffer`,
      async () => {
        if (this.#exitCode !== undefined) return true;
        this.#child?.kill('SIGUSR1', 'process');
        asked++;
        const said = await until('its counters', () => counters(this.#stderr, asked), {
          withinMs: 2_000,
          everyMs: 2,
        }).catch(() => undefined);
        if (!said) return undefined;
        if (said.captured + said.dropped >= said.received) return true;
        const now = `${said.captured} of ${said.received}`;
        unchanged = now === previous ? unchanged + 1 : 0;
        previous = now;
        return unchanged >= 3 || undefined;
      },
      { withinMs: timeoutMs.ready, everyMs: 10, lastSeen: () => previous },
    );
  }
}

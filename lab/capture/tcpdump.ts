import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { programPath } from '../../src/programs/index.ts';
import { CommandFailed } from '../../src/util/errors.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import type { AgentHost } from '../agent/host.ts';
import type { AgentProcess } from '../agent/process.ts';

export interface Tap {
  device: string;
  /** Only frames that the device sends, so that a frame is seen once by its sender. */
  sentOnly?: boolean;
}

let started = 0;

/** A bridge in promiscuous mode is given each frame that it forwards, once. */
export async function startCapture(
  host: AgentHost,
  { device, sentOnly = false }: Tap,
  options: CaptureOptions,
): Promise<RunningCapture> {
  const file = join(host.folder, `capture-${++started}.pcap`);
  const snap = String(options.snapLengthBytes ?? 262_144);
  const tcpdump = ['tcpdump', '-i', device, '-n', '-U', '--immediate-mode', '-Z', 'root', '-B', '16384'];
  tcpdump.push('-s', snap, '-w', file, ...(sentOnly ? ['-Q', 'out'] : []), options.filter);
  const ownProgram = ['sh', '-c', ownCapture, 'sh', device, snap, file, options.filter];
  const own = !sentOnly && tcpdumpCannotRun();
  const process = await host.spawn(own ? ownProgram : tcpdump);
  const capture = new Tcpdump(host, file, process, tcpdump.join(' '), own);
  await capture.listening();
  return capture;
}

const ownCapture = `tcpdump -y EN10MB -ddd "$4" >"$3.bpf" && exec perl '${programPath('capture')}' "$1" "$2" "$3" "$3.bpf"`;

/** As root it always changes its groups, which the kernel denies to the root of an unprivileged user namespace. */
const tcpdumpCannotRun = (): boolean => readFileSync('/proc/self/setgroups', 'utf8').startsWith('deny');

class Tcpdump implements RunningCapture {
  #running = true;

  constructor(
    private readonly host: AgentHost,
    private readonly file: string,
    private readonly process: AgentProcess,
    private readonly command: string,
    private readonly drainsItself: boolean,
  ) {}

  async listening(): Promise<void> {
    let exitCode: number | null | undefined;
    void this.process.exited.then((code) => {
      this.#running = false;
      exitCode = code;
    });
    await until(
      `tcpdump on ${this.host.name} to listen`,
      () => {
        if (this.#running) return /listening on/.test(this.process.stderr()) || undefined;
        throw new CommandFailed(this.host.name, this.command, exitCode ?? null, this.process.stderr());
      },
      { withinMs: timeoutMs.ready, everyMs: 5, lastSeen: () => this.process.stderr() },
    );
  }

  async stop(): Promise<Uint8Array> {
    if (this.#running) {
      if (!this.drainsItself) await this.#drained();
      this.process.kill('SIGINT');
      await this.process.exited;
    }
    const bytes = await this.host.get(this.file);
    await this.#forget();
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await this.#forget();
  }

  async #forget(): Promise<void> {
    await this.host.remove([this.file, `${this.file}.bpf`]);
  }

  /**
   * SIGINT would drop what still lies in the kernel's buffer, so tcpdump is asked (SIGUSR1 prints its counters)
   * until what had come by then is written.
   */
  async #drained(): Promise<void> {
    const reports: Counters[] = [];
    let asked = 0;
    await until(
      `tcpdump on ${this.host.name} to write out its buffer`,
      async () => {
        if (!this.#running) return true;
        this.process.kill('SIGUSR1');
        asked++;
        const said = await until('its counters', () => counters(this.process.stderr(), asked), {
          withinMs: 2_000,
          everyMs: 2,
        }).catch(() => undefined);
        if (!said) return undefined;
        reports.push(said);
        return isDrained(reports) || undefined;
      },
      { withinMs: timeoutMs.ready, everyMs: 10, lastSeen: () => JSON.stringify(reports.at(-1)) },
    );
  }
}

/** As tcpdump counts frames: written, let through by the filter, lost for want of room. */
interface Counters {
  captured: number;
  received: number;
  dropped: number;
}

/**
 * Whether all that had come when tcpdump was first asked is written; or nothing is written any more: frames that came
 * before the filter was set are counted and never written. Frames that come meanwhile are not waited for.
 */
export function isDrained(reports: readonly Counters[]): boolean {
  const [first, last] = [reports[0], reports.at(-1)];
  if (!first || !last) return false;
  if (last.captured + last.dropped >= first.received) return true;
  const latest = reports.slice(-4);
  return latest.length === 4 && latest.every(({ captured }) => captured === last.captured);
}

/** The `count`-th report of counters in what tcpdump said. */
export function counters(stderr: string, count: number): Counters | undefined {
  const pattern =
    /(\d+) packets? captured\D+(\d+) packets? received by filter\D+(\d+) packets? dropped by kernel/g;
  const report = [...stderr.matchAll(pattern)][count - 1];
  return report && { captured: Number(report[1]), received: Number(report[2]), dropped: Number(report[3]) };
}

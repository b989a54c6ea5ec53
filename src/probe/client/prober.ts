import { fileURLToPath } from 'node:url';
import type { Lab } from '../../model/lab.ts';
import { node } from '../../util/deterministic.ts';
import type { Scope } from '../../util/scope.ts';
import { msSince, nowNs, onOurClock } from './clock.ts';
import { Link } from './link.ts';
import { leadMs } from './load.ts';
import { defaultTimeoutMs } from './requests.ts';
import type { Held, HoldOptions, OpenLoopOptions, Prober, RunningLoad, StreamPlan, Target } from './types.ts';

export type { InstrumentHealth } from '../health.ts';
export type { Outage } from '../outage.ts';
export type * from './types.ts';

/** By what lives and ends with a lab, which may be looked at in several ways. */
const probers = new WeakMap<Scope, Map<string, Promise<Prober>>>();

/**
 * The prober on a client: one per lab and client, started on first use, ended with the lab.
 * @throws {ProbeFailed} or {TimedOut} when the program does not come up there.
 */
export function proberOn(lab: Lab, client: string): Promise<Prober> {
  const ofLab = probers.get(lab.scope) ?? new Map<string, Promise<Prober>>();
  probers.set(lab.scope, ofLab);
  const existing = ofLab.get(client);
  if (existing) return existing;
  const started = start(lab, client);
  ofLab.set(client, started);
  started.catch(() => ofLab.delete(client));
  return started;
}

async function start(lab: Lab, client: string): Promise<Prober> {
  const process = lab.scope.use(await lab.host(client).spawn([...node(), agentPath()]));
  const link = new Link(client, process);
  await link.ready();
  return new LinkedProber(client, link);
}

class LinkedProber implements Prober {
  readonly client: string;
  readonly #link: Link;

  constructor(client: string, link: Link) {
    this.client = client;
    this.#link = link;
  }

  requests(target: Target, o: Parameters<Prober['requests']>[1]) {
    const rounds = Math.ceil(o.count / (o.parallel ?? 1));
    // Half a second for a close that takes its time.
    return this.#link.call('requests', { target, o }, rounds * ((o.timeoutMs ?? defaultTimeoutMs) + 500));
  }

  datagrams(target: Target, o: Parameters<Prober['datagrams']>[1]) {
    return this.#link.call('datagrams', { target, o }, o.count * (o.timeoutMs ?? defaultTimeoutMs));
  }

  async hold(target: Target, o: HoldOptions): Promise<Held> {
    const boundMs = o.count * (o.timeoutMs ?? defaultTimeoutMs);
    const { handle, answers } = await this.#link.call('hold', { target, o }, boundMs);
    return {
      answers,
      ask: (timeoutMs = defaultTimeoutMs) => this.#link.call('ask', { handle, timeoutMs }, timeoutMs),
      drop: async (indices) => void (await this.#link.call('drop', { handle, indices }, 0)),
      close: async () => void (await this.#link.call('release', { handle }, 0)),
    };
  }

  async openLoop(streams: StreamPlan[], o: OpenLoopOptions = {}): Promise<RunningLoad> {
    const askedNs = nowNs();
    const { handle, t0Ns } = await this.#link.call('startLoad', { streams, o }, defaultTimeoutMs);
    const startNs = onOurClock(BigInt(t0Ns), { askedNs, answeredNs: nowNs() }, leadMs);
    const longestMs = Math.max(0, ...streams.map((stream) => stream.timeoutMs));
    return {
      nowMs: () => msSince(startNs),
      stop: () => this.#link.call('stopLoad', { handle }, longestMs),
    };
  }

  saturate(target: Target, o: Parameters<Prober['saturate']>[1]) {
    return this.#link.call('saturate', { target, o }, o.durationMs);
  }

  churn(target: Target, o: Parameters<Prober['churn']>[1]) {
    // Half a second for a close that takes its time.
    return this.#link.call('churn', { target, o }, o.durationMs + (o.timeoutMs ?? defaultTimeoutMs) + 500);
  }

  download(target: Target, o: Parameters<Prober['download']>[1]) {
    return this.#link.call('download', { target, o }, o.timeoutMs ?? 60_000);
  }
}

/** Compiled, since Node 20 runs no TypeScript; tests that run from the sources use the last build. */
function agentPath(): string {
  const fromHere = import.meta.url.endsWith('.ts') ? '../../../dist/src/probe/client/agent.js' : './agent.js';
  return fileURLToPath(new URL(fromHere, import.meta.url));
}

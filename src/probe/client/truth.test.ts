import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crowding } from '../../util/crowding.ts';
import { Load } from './load.ts';
import type { StreamPlan, StreamResult, Target } from './types.ts';

/*
 * The prober against a server that writes down, on the same clock, when it got each request and when it answered.
 * A busy machine makes both late; so each probe is compared with what the server wrote about that very probe.
 */

type Fate = 'answer' | 'hold' | 'drop' | 'reset' | { delayMs: number };

interface Seen {
  receivedNs: bigint;
  answeredNs?: bigint;
}

class TruthfulServer {
  fate: (seq: number) => Fate = () => 'answer';
  readonly log = new Map<number, Seen>();
  readonly target: Target = { ip: '127.0.0.1', port: 0 };
  readonly #sockets = new Set<Socket>();
  readonly #held: (() => void)[] = [];
  readonly #udp = createSocket('udp4');
  readonly #tcp = createServer({ noDelay: true }, (socket) => {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [, seq] of `${data}`.matchAll(/GET \/\?n=(\d+) /g)) {
        const body = 'rs1 127.0.0.1\n';
        const reset = () => socket.resetAndDestroy();
        this.#meet(Number(seq), reset, () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
          if (/^connection: close/im.test(`${data}`)) socket.end();
        });
      }
    });
  });

  async listen(): Promise<void> {
    this.#tcp.listen(0, this.target.ip);
    await once(this.#tcp, 'listening');
    this.target.port = (this.#tcp.address() as { port: number }).port;
    this.#udp.on('message', (payload, from) =>
      this.#meet(
        Number(payload),
        () => undefined,
        () => this.#udp.send(`rs1 ${payload}`, from.port, from.address),
      ),
    );
    this.#udp.bind(this.target.port, this.target.ip);
    await once(this.#udp, 'listening');
  }

  /** Answers everything that was held. @returns when it began to */
  release(): bigint {
    const now = process.hrtime.bigint();
    for (const answer of this.#held.splice(0)) answer();
    return now;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#tcp.close();
    this.#udp.close();
  }

  #meet(seq: number, reset: () => void, send: () => void): void {
    const seen: Seen = { receivedNs: process.hrtime.bigint() };
    this.log.set(seq, seen);
    const answer = () => {
      seen.answeredNs = process.hrtime.bigint();
      send();
    };
    const fate = this.fate(seq);
    if (fate === 'reset') reset();
    else if (fate === 'hold') this.#held.push(answer);
    else if (fate === 'answer') answer();
    else if (fate !== 'drop') setTimeout(answer, fate.delayMs);
  }
}

const rateHz = 250;
const toleranceMs = crowding();
const kinds = ['connect', 'established', 'udp'] as const;
/** Every probe says which it is; datagrams do so by themselves. */
const path = Array.from({ length: 2_000 }, (_, i) => `/?n=${i}`);
let server: TruthfulServer;

beforeEach(async () => {
  server = new TruthfulServer();
  await server.listen();
});
afterEach(() => server.close());

/** Runs one stream. @returns it, and the server's times on its clock */
async function probed(kind: StreamPlan['kind'], meanwhile: (load: Load) => Promise<unknown>) {
  const plan = { name: kind, kind, target: server.target, rateHz, timeoutMs: 1_500, path };
  const load = await Load.start([plan]);
  await meanwhile(load);
  const [stream] = (await load.stop()).streams as [StreamResult];
  const onClock = (momentNs = 0n) => Number(momentNs - load.t0Ns) / 1e6;
  return { stream, onClock };
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

describe.each(kinds)('%s reads back', (kind) => {
  it('the delay of each single answer', async () => {
    // The same for all from then on: answers on one connection keep their order.
    server.fate = (seq) => (seq >= 60 ? { delayMs: 20 } : 'answer');
    const { stream, onClock } = await probed(kind, () => sleep(600));
    expect(stream.points.length).toBeGreaterThan(100);
    const errors = stream.points.map(({ seq, tMs, latencyMs }) => {
      const seen = server.log.get(seq);
      const [receivedMs, answeredMs] = [onClock(seen?.receivedNs), onClock(seen?.answeredNs)];
      // Whatever the noise: it was received after it was planned, and read after it was answered.
      expect(receivedMs).toBeGreaterThanOrEqual(tMs - 0.001);
      const errorMs = tMs + (latencyMs ?? Number.NaN) - answeredMs;
      expect(errorMs).toBeGreaterThanOrEqual(-0.002);
      return errorMs;
    });
    expect(middle(errors)).toBeLessThan(toleranceMs);
  });

  it('a stall in full', async () => {
    let [beganNs, endedNs] = [0n, 0n];
    const { stream, onClock } = await probed(kind, async () => {
      await sleep(200);
      beganNs = process.hrtime.bigint();
      server.fate = () => 'hold';
      await sleep(400);
      server.fate = () => 'answer';
      endedNs = server.release();
      await sleep(200);
    });
    const stallMs = onClock(endedNs) - onClock(beganNs);
    const held = stream.points.find(({ seq }) => (server.log.get(seq)?.receivedNs ?? 0n) >= beganNs);
    const seen = server.log.get(held?.seq ?? -1);
    // How late the instrument was for the two probes that decide.
    const lateIn = onClock(seen?.receivedNs) - (held?.tMs ?? 0);
    const lateOut = (held?.tMs ?? 0) + (held?.latencyMs ?? 0) - onClock(endedNs);
    expect(lateOut).toBeGreaterThanOrEqual(-0.002);
    const { contiguousMs, resolutionMs, resets, silent, bad } = stream.outage;
    expect(contiguousMs).toBeGreaterThan(stallMs - resolutionMs - toleranceMs);
    expect(contiguousMs).toBeLessThan(stallMs + lateIn + lateOut + toleranceMs);
    expect([resets, silent]).toEqual([0, bad]);
  });
});

describe.each(['connect', 'udp'] as const)('%s names', (kind) => {
  it('the very probes that were lost', async () => {
    const lost = (seq: number) => seq % 10 === 7;
    server.fate = (seq) => (lost(seq) ? 'drop' : 'answer');
    const { stream } = await probed(kind, () => sleep(300));
    const silent = stream.points.filter(({ error }) => error === 'timeout').map(({ seq }) => seq);
    expect(silent).toEqual(stream.points.map(({ seq }) => seq).filter(lost));
    expect(silent.length).toBeGreaterThan(3);
    expect(stream.errors).toEqual({ timeout: silent.length });
    expect(stream.shares).toEqual({ rs1: stream.sent - silent.length });
  });
});

it('names the very connections that were reset', async () => {
  const cut = (seq: number) => seq % 10 === 3;
  server.fate = (seq) => (cut(seq) ? 'reset' : 'answer');
  const { stream } = await probed('connect', () => sleep(300));
  const resets = stream.points.filter(({ error }) => error === 'reset').map(({ seq }) => seq);
  expect(resets).toEqual(stream.points.map(({ seq }) => seq).filter(cut));
  expect(stream.outage.resets).toBe(resets.length);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proberOn } from './prober.ts';
import { type FakeServer, fakeLab, fakeServer } from './testing/servers.ts';
import type { Prober } from './types.ts';

let server: FakeServer;
let rig: ReturnType<typeof fakeLab>;
let prober: Prober;

beforeEach(async () => {
  server = await fakeServer('rs1');
  rig = fakeLab();
  prober = await proberOn(rig.lab, 'c1');
});
afterEach(async () => {
  await rig.scope[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('proberOn', () => {
  it('starts one program per client of a lab', async () => {
    expect(await proberOn(rig.lab, 'c1')).toBe(prober);
    expect(await proberOn(rig.lab, 'c2')).not.toBe(prober);
    expect(rig.spawned).toEqual(['c1', 'c2']);
  });

  it('says so when the program has ended', async () => {
    server.set('stall');
    const asked = prober.requests(server.target, { count: 1 });
    rig.kill();
    await expect(asked).rejects.toThrow('prober on c1 ended: last words');
    await expect(prober.requests(server.target, { count: 1 })).rejects.toThrow('ended');
  });
});

describe('requests', () => {
  it('opens a connection for each', async () => {
    const answers = await prober.requests(server.target, { count: 5 });
    expect(server.connections).toBe(5);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: true, server: 'rs1', seenAs: '127.0.0.1', bytes: 14 });
      expect(answer.latencyUs).toBeGreaterThan(0);
    }
    expect(new Set(answers.map((answer) => answer.localPort)).size).toBe(5);
  });

  it('comes from the addresses and ports that it is given', async () => {
    const [base] = await prober.requests(server.target, { count: 1 });
    const fromPort = (base?.localPort ?? 0) > 40_000 ? 20_100 : 50_100;
    const o = { count: 3, localAddress: '127.0.0.7', fromPort, parallel: 3 };
    const answers = await prober.requests(server.target, o);
    expect(answers.map((answer) => answer.seenAs)).toEqual(['127.0.0.7', '127.0.0.7', '127.0.0.7']);
    expect(answers.map((answer) => answer.localPort)).toEqual([fromPort, fromPort + 1, fromPort + 2]);
    expect((await prober.requests(server.target, o)).every((answer) => answer.ok)).toBe(true);
  });

  it('names what went wrong', async () => {
    const errorOf = async () =>
      (await prober.requests(server.target, { count: 1, timeoutMs: 100 }))[0]?.error;
    server.set('reset');
    expect(await errorOf()).toBe('reset');
    server.set('sick');
    expect(await errorOf()).toBe('wrong-answer');
    server.set('drop');
    expect(await errorOf()).toBe('timeout');
    await server.shut();
    expect(await errorOf()).toBe('refused');
  });
});

describe('hold', () => {
  it('asks again and again on the same connections', async () => {
    const held = await prober.hold(server.target, { count: 3 });
    expect(held.answers.map((answer) => answer.server)).toEqual(['rs1', 'rs1', 'rs1']);
    const again = await held.ask();
    expect(again.map((answer) => answer.localPort)).toEqual(held.answers.map((answer) => answer.localPort));
    expect(server.connections).toBe(3);
    await held.close();
    await expect(held.ask()).rejects.toThrow('released');
  });

  it('drops some and keeps the others', async () => {
    const held = await prober.hold(server.target, { count: 3 });
    await held.drop([1]);
    // The dropped one is told of by the server's FIN, which comes after ours.
    await expect
      .poll(async () => (await held.ask(200)).map((answer) => answer.ok))
      .toEqual([true, false, true]);
    await held.close();
  });

  it('gives an answer to its own question after one that was given up', async () => {
    const held = await prober.hold(server.target, { count: 1 });
    server.set('stall');
    expect((await held.ask(50))[0]).toMatchObject({ ok: false, error: 'timeout' });
    server.set('answer');
    expect((await held.ask())[0]).toMatchObject({ ok: true, server: 'rs1' });
    await held.close();
  });

  it('keeps telling why a connection is gone', async () => {
    const held = await prober.hold(server.target, { count: 2 });
    server.set('reset');
    expect((await held.ask()).map((answer) => answer.error)).toEqual(['reset', 'reset']);
    server.set('answer');
    expect((await held.ask()).map((answer) => answer.error)).toEqual(['reset', 'reset']);
    await held.close();
  });
});

describe('datagrams', () => {
  it('sends from as many ports as it is told', async () => {
    const answers = await prober.datagrams(server.target, { count: 6, sockets: 3, payloadBytes: 100 });
    expect(answers.map((answer) => answer.ok)).toEqual(Array(6).fill(true));
    expect(answers[0]?.bytes).toBe('rs1 '.length + 100);
    expect(new Set(answers.map((answer) => answer.localPort)).size).toBe(3);
    expect(answers[3]?.localPort).toBe(answers[0]?.localPort);
  });

  it('does not take the answer to an earlier datagram for its own', async () => {
    server.set('stall');
    setTimeout(() => server.set('answer'), 150);
    const answers = await prober.datagrams(server.target, { count: 2, timeoutMs: 100 });
    expect(answers.map((answer) => answer.error)).toEqual(['timeout', undefined]);
  });

  it('reads an ICMP error as a refusal', async () => {
    const closed = { ip: '127.0.0.1', port: 9 };
    const [answer] = await prober.datagrams(closed, { count: 1, timeoutMs: 500 });
    expect(answer).toMatchObject({ ok: false, error: 'refused' });
  });
});

describe('download', () => {
  it('counts what was received', async () => {
    const got = await prober.download(server.target, { bytes: 1_000_000, connections: 2 });
    expect(got).toMatchObject({ server: 'rs1', bytes: 1_000_028 });
    expect(got.bytesPerS).toBeCloseTo((got.bytes * 1000) / got.durationMs);
  });

  it('gives no figure for a download that failed', async () => {
    server.set('sick');
    await expect(prober.download(server.target, { bytes: 1000, connections: 1 })).rejects.toThrow(
      'wrong-answer',
    );
  });
});

describe('churn', () => {
  it('counts connections a second, and failures apart', async () => {
    const good = await prober.churn(server.target, { parallel: 3, durationMs: 300 });
    expect(good.connections).toBe(server.connections);
    expect(good.connections).toBeGreaterThan(10);
    expect(good.errors).toBe(0);
    expect(good.connectionsPerS).toBeCloseTo((good.connections * 1000) / good.durationMs);
    server.set('reset');
    const bad = await prober.churn(server.target, { parallel: 3, durationMs: 100 });
    expect(bad.connections).toBe(0);
    expect(bad.errors).toBeGreaterThan(3);
  });
});

describe('saturate', () => {
  it('counts good answers a second, and errors apart', async () => {
    const good = await prober.saturate(server.target, { connections: 2, durationMs: 500 });
    expect(good.generator).toMatch(/^autocannon \d/);
    expect(good.errors).toBe(0);
    expect(good.requests).toBeGreaterThan(10);
    expect(good.requestsPerS).toBeCloseTo((good.requests * 1000) / good.durationMs);
    server.set('sick');
    const sick = await prober.saturate(server.target, { connections: 2, durationMs: 300 });
    expect(sick.requests).toBe(0);
    expect(sick.errors).toBeGreaterThan(10);
  });
});

import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { crowding } from '../../util/crowding.ts';
import { until } from '../../util/until.ts';
import { type Running, start } from '../testing/drlab.ts';
import { House } from '../testing/house.ts';

/** However a run ends, the machine is as before. */

const places = [
  { sandbox: 'host', lab: 'nftables', signals: ['SIGINT', 'SIGTERM'] },
  { sandbox: 'uml', lab: 'minimal', signals: ['SIGINT'] },
] as const;

describe.each(places)('a run in the $sandbox sandbox', ({ sandbox, lab, signals }) => {
  let house: House;
  let before: string[];
  beforeAll(async () => {
    house = await House.create();
  });
  afterAll(() => house[Symbol.asyncDispose]());

  /** Starts a run that has much to do, and waits until it is in the middle. */
  async function midway(out: string): Promise<Running> {
    before = await house.traces();
    const args = ['run', 'arp', 'path', '--lab', lab, '--sandbox', sandbox, '--out', out];
    const running = start(args, { prefix: house.prefix, env: { HOME: '/tmp/home', TMPDIR: '/tmp' } });
    await running.printed(/ARP-02/);
    return running;
  }

  /** What is there that was not. */
  async function left(): Promise<string[]> {
    return (await house.traces()).filter((trace) => !before.includes(trace));
  }

  async function expectAsBefore(out: string): Promise<void> {
    let last: string[] = [];
    const clean = async (): Promise<true | undefined> => {
      last = await left();
      return last.length === 0 ? true : undefined;
    };
    await rm(house.at(out), { recursive: true });
    await until('the machine to be as before', clean, {
      withinMs: 60_000 * crowding(),
      lastSeen: () => last.join('\n'),
    });
    const now = await house.traces();
    expect(before.filter((trace) => !now.includes(trace))).toEqual([]);
  }

  it('that is killed leaves nothing', async () => {
    const running = await midway('/tmp/killed');
    expect((await left()).filter((trace) => trace.startsWith('process')).length).toBeGreaterThan(3);
    process.kill(House.victim(running), 'SIGKILL');
    await running.ended;
    expect(readdirSync(house.at('/tmp/killed'))).toEqual(['evidence', 'raw']);
    await expectAsBefore('/tmp/killed');
  });

  it.each(signals)('that gets %s reports what was done, and leaves nothing', async (signal) => {
    const out = `/tmp/${signal}`;
    const running = await midway(out);
    process.kill(House.victim(running), signal);
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toMatch(/interrupted/i);
    expect(stdout).toContain(`Report: ${out}/report.html`);
    const record = await readRecord(house.at(out));
    expect(record).toMatchObject({ exitCode: 130, faults: [] });
    const verdicts = new Map(record.results.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get('ARP-01')).toBe('pass');
    expect([...verdicts.values()]).not.toContain('broken');
    expect(record.notRun?.length).toBeGreaterThan(0);
    await expectAsBefore(out);
  });
});

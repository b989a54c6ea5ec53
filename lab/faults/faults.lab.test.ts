import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../src/model/fault.ts';
import { compiled } from '../../src/util/root.ts';
import { Outer } from '../sandbox/testing/outer-process.ts';

/** One lab on a kernel of its own; what each fault did was looked at from outside, see testing/program.ts. */
interface Seen {
  spec: FaultSpec;
  before: unknown;
  during: unknown;
  after: unknown;
  evidence: { happened: boolean; sentence: string; data: Record<string, unknown> };
  changed?: string;
}
let outer: Outer;
let all: Record<string, Seen>;
let report: { all: Record<string, Seen>; unsettled?: string; marked: number[]; refusals: string[] };

beforeAll(async () => {
  const me = { name: 'me', prefix: [], uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  outer = await Outer.create(me);
  const file = join(outer.dir, 'seen.json');
  const script = `exec '${process.execPath}' '${compiled('lab/faults/testing/program.js')}' '${file}'`;
  const { code, console } = await outer.run('uml', script, {
    env: { DRLAB_SANDBOX: 'uml' },
    memoryMiB: 1024,
  });
  expect({ code, console }).toMatchObject({ code: 0 });
  report = JSON.parse(readFileSync(file, 'utf8'));
  all = report.all;
});
afterAll(() => outer?.[Symbol.asyncDispose]());

const of = (name: string): Seen => {
  const seen = all[name];
  if (!seen) throw new Error(`the program did not try «${name}»`);
  return seen;
};

it('finds evidence of each fault, and leaves the lab as it was', () => {
  expect(report.unsettled).toBeUndefined();
  expect(Object.keys(all)).toHaveLength(19);
  for (const [name, { evidence, changed }] of Object.entries(all))
    expect({ name, evidence, changed }).toMatchObject({
      name,
      evidence: { happened: true },
      changed: undefined,
    });
});

it.each(['TERM', 'KILL', 'STOP'])(
  'a daemon that is sent %s loses the VIP to the other, which clients hear',
  (signal) => {
    expect(of(`daemon ${signal}`)).toMatchObject({ before: '200', during: [true, true], after: '200' });
  },
);

describe('a host without power', () => {
  it('stands still and goes on, while the other director serves', () => {
    const { before, during, after } = of('powerOff thawed');
    expect([before, during, after]).toEqual([true, [false, true, '200'], true]);
  });

  it('is rebooted to its configuration and nothing else', () => {
    expect(of('powerOff rebooted')).toMatchObject({ before: '200', during: 'silent', after: '200' });
    expect(of('director rebooted')).toMatchObject({ before: '200', during: 'silent', after: '200' });
    expect(report.marked).toEqual([2, 0]);
  });
});

describe('the switch', () => {
  it('takes a port down, once or again and again', () => {
    expect(of('portDown')).toMatchObject({ before: '200', during: 'silent', after: '200' });
    expect(of('flap')).toMatchObject({ before: '200', during: ['answered', 'silent'], after: '200' });
  });

  it('loses exactly the share of one direction', () => {
    expect(of('loss fromHost')).toMatchObject({ before: 30, during: [21, 30], after: 30 });
    expect(of('loss toHost')).toMatchObject({ before: 5, during: [0, 5], after: 5 });
  });

  it('parts two directors, which both hold the VIP and are both reached', () => {
    expect(of('partition').during).toEqual([true, ['dir1', 'dir2'], 'refused', 'refused']);
  });

  it('loses announcements, so that clients go on to the director that has gone', () => {
    expect(of('announcementsLost').during).toEqual(['dir1', true]);
  });
});

describe('a real server', () => {
  const requesters = (name: string) => of(name).during as { status: number; tookMs: number }[];

  it('is slow to health checks alone', () => {
    const [director, client] = requesters('slowAnswers');
    expect(director?.tookMs).toBeGreaterThanOrEqual(400);
    expect(client?.tookMs).toBeLessThan(400);
  });

  it('answers health checks alone with 500', () => {
    expect(requesters('errorAnswers').map(({ status }) => status)).toEqual([500, 200]);
  });

  it('hangs, or is dead', () => {
    expect(of('hang')).toMatchObject({ before: '200', during: 'unanswered', after: '200' });
    expect(of('serviceDead')).toMatchObject({ before: '200', during: 'refused', after: '200' });
  });
});

it('a full table takes no new connection, and keeps those that it has', () => {
  const { before, during, after, evidence } = of('tableFull');
  expect([before, during, after]).toEqual([
    ['200', '200'],
    ['silent', '200'],
    ['200', '200'],
  ]);
  expect(evidence.data.halfOpen).toBe(2_000);
});

it('the wall clock steps by an hour and back', () => {
  const { before, during, after } = of('clockStep') as { before: number; during: number; after: number };
  expect(Math.abs(during - before - 3_600_000)).toBeLessThan(2_000);
  expect(Math.abs(after - before)).toBeLessThan(2_000);
});

it('a rogue VRRP router takes the VIP, and serves nobody', () => {
  expect(of('rogueRouter')).toMatchObject({
    before: 'dir1',
    during: [true, 'refused'],
    after: 'dir1',
  });
});

it('what makes no sense is refused', () => {
  expect(report.refusals).toEqual(['the lab has no host «nobody»', 'dir1 serves no TCP service']);
});

import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Check, check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { NotInLab, UsageError } from '../util/errors.ts';
import { reduced, runCases } from './cases.ts';
import { runCheck } from './check.ts';
import { EventFollower } from './follow.ts';
import { killMatrix, mutantCases } from './mutants.ts';
import { caseName } from './purpose.ts';
import { selectChecks } from './select.ts';
import { exitOf, exitOfMutants } from './verdict.ts';

const spec = parseLab('directors: { count: 2, with: keepalived }', 'pair.yaml');

const aCheck = (over: Partial<Check<{ answers: number }>> = {}): Check =>
  check({
    id: 'ARP-01',
    suite: 'arp',
    level: 'must',
    title: 'one answers',
    requirement: 'one',
    source: 'RFC 826',
    needs: [],
    mutants: [
      { id: 'two', breaks: 'two answer', change: (lab) => ({ ...lab, name: 'broken' }), reason: /2 answers/ },
    ],
    observe: async () => ({ answers: 1 }),
    judge: ({ answers }) => ({
      verdict: answers === 1 ? 'pass' : 'fail',
      expected: '1 answer',
      seen: `${answers} answers`,
    }),
    ...over,
  });

const aLab = {
  spec,
  lacks: (capability: string) => (capability === 'ipvs' ? 'no IPVS here' : undefined),
  logs: async () => [{ host: 'd1', name: 'ha/lib/ha-log', text: 'd2 is dead\n' }],
} as unknown as Lab;

async function ran(subject: Check) {
  const runDir = await mkdtemp(join(tmpdir(), 'drlab-test-'));
  try {
    return await runCheck(subject, { lab: aLab, runDir, folder: subject.id, note: () => {} });
  } finally {
    await rm(runDir, { recursive: true });
  }
}

describe('a check', () => {
  test('that throws is broken, never failed', async () => {
    const result = await ran(aCheck({ observe: () => Promise.reject(new Error('no tcpdump')) }));
    expect(result).toMatchObject({ verdict: 'broken', reason: 'no tcpdump' });
  });
  test('whose judge throws is broken, too, and keeps what was observed', async () => {
    const result = await ran(
      aCheck({
        judge: () => {
          throw new Error('a bug');
        },
      }),
    );
    expect(result.verdict).toBe('broken');
    expect(result.evidence.map((one) => one.name)).toContain('observation.json');
  });
  test('that is about another forwarding method is unsupported, with the reason', async () => {
    const result = await ran(aCheck({ forwards: ['nat'] }));
    expect(result).toMatchObject({ verdict: 'unsupported', forwards: ['nat'] });
    expect(result.reason).toMatch(/means NAT alone, and the services of this lab forward by DR/);
  });
  test('sees the services alone that it is about', async () => {
    const [service] = spec.services;
    const mixed = { ...spec, services: service ? [{ ...service, forward: 'tun' as const }, service] : [] };
    const counting = aCheck({
      forwards: ['dr'],
      observe: async ({ lab }) => ({ answers: lab.spec.services.length }),
    });
    const run = { lab: { ...aLab, spec: mixed }, runDir: '/nonexistent', folder: undefined, note: () => {} };
    expect(await runCheck(counting, run)).toMatchObject({ verdict: 'pass', seen: '1 answers' });
  });
  test('keeps the logs of daemons where it did not pass, and of failovers always', async () => {
    const names = async (subject: Check) => (await ran(subject)).evidence.map((one) => one.name);
    const failing = aCheck({ observe: async () => ({ answers: 2 }) });
    expect(await names(failing)).toContain('d1-ha-log');
    expect(await names(aCheck())).not.toContain('d1-ha-log');
    expect(await names(aCheck({ scheduling: { clock: 'virtual' } }))).toContain('d1-ha-log');
  });
  test('that the lab has not the capability for is unsupported, with the reason', async () => {
    const result = await ran(aCheck({ needs: ['ipvs'] }));
    expect(result).toMatchObject({ verdict: 'unsupported' });
    expect(result.reason).toContain('no IPVS here');
  });
  test('of level should warns where a must fails', async () => {
    const two = { observe: async () => ({ answers: 2 }) };
    expect((await ran(aCheck(two))).verdict).toBe('fail');
    expect((await ran(aCheck({ ...two, level: 'should' }))).verdict).toBe('warn');
  });
});

describe('a selection', () => {
  const all = [aCheck(), aCheck({ id: 'ARP-12' }), aCheck({ id: 'HA-01', suite: 'failover' })];
  const ids = (...prefixes: string[]) => selectChecks(all, prefixes).map((one) => one.id);
  test('is a suite, an ID or a prefix, in the order of the checks', () => {
    expect(ids()).toEqual(['ARP-01', 'ARP-12', 'HA-01']);
    expect(ids('ha', 'ARP-12')).toEqual(['ARP-12', 'HA-01']);
    expect(ids('failover')).toEqual(['HA-01']);
  });
  test('is of the profile, unless it has none of them or one is named', () => {
    const stage = { id: 'routed', title: 'routed', change: () => spec };
    const checks = [
      aCheck(),
      aCheck({ id: 'ARP-01@routed', stage }),
      aCheck({ id: 'ND-01', suite: 'ipv6', stage }),
      aCheck({ id: 'PERF-01', suite: 'latency', level: 'measure' }),
    ];
    const of = (profile: 'lab' | 'conformance' | 'all', ...names: string[]) =>
      selectChecks(checks, names, profile).map((one) => one.id);
    expect(of('lab')).toEqual(['ARP-01', 'PERF-01']);
    expect(of('conformance')).toEqual(['ARP-01', 'ARP-01@routed', 'ND-01']);
    expect(of('all')).toHaveLength(4);
    expect(of('lab', 'arp')).toEqual(['ARP-01']);
    expect(of('lab', 'ipv6')).toEqual(['ND-01']);
    expect(of('all', 'ARP-01')).toEqual(['ARP-01']);
    expect(of('lab', 'arp-01@')).toEqual(['ARP-01@routed']);
    expect(of('conformance', 'arp')).toEqual(['ARP-01', 'ARP-01@routed']);
  });
  test('of nothing by name leaves out what takes hours of virtual time', () => {
    const stage = { id: 'patient', title: 'patient', change: () => spec };
    const hours = aCheck({ id: 'LNG-01', suite: 'failover', scheduling: { hours: true }, stage });
    const of = (profile: 'lab' | 'conformance', ...names: string[]) =>
      selectChecks([aCheck(), hours], names, profile).map((one) => one.id);
    expect(of('lab')).toEqual(['ARP-01']);
    expect(of('lab', 'failover')).toEqual(['LNG-01']);
    expect(of('conformance')).toEqual(['ARP-01', 'LNG-01']);
  });
  test('that selects nothing is refused', () => expect(() => ids('arp', 'XX')).toThrow(UsageError));
});

describe('the exit code', () => {
  const of = (...verdicts: Parameters<typeof exitOf>[0][number]['verdict'][]) =>
    exitOf(
      verdicts.map((verdict) => ({ verdict })),
      0,
    );
  test('is the worst of the verdicts', () => {
    expect(of('pass', 'warn', 'unsupported')).toBe(0);
    expect(of('pass', 'broken', 'fail')).toBe(1);
    expect(of('pass', 'inconclusive')).toBe(2);
    expect(of('pass', 'broken')).toBe(2);
  });
  test('is never success where nothing ran', () => {
    expect(of()).toBe(3);
    expect(of('unsupported', 'skipped')).toBe(3);
  });
  test('counts a problem of the run itself', () => expect(exitOf([{ verdict: 'pass' }], 1)).toBe(2));
});

describe('stages', () => {
  const stage = { id: 'two', title: 'two of them', change: () => ({ ...spec, name: 'derived' }) };
  const impossible = {
    id: 'none',
    title: 'none',
    change: () => {
      throw new NotInLab('no client');
    },
  };
  test('share a lab, after the lab as written', () => {
    const checks = [aCheck({ id: 'A', stage }), aCheck({ id: 'B' }), aCheck({ id: 'C', stage })];
    expect(runCases(spec, checks).map((one) => [caseName(one), one.spec.name, one.checks])).toEqual([
      ['run', 'pair', ['B']],
      ['run@two', 'derived', ['A', 'C']],
    ]);
  });
  test('that cannot be derived say why', () => {
    const [one] = runCases(spec, [aCheck({ stage: impossible })]);
    expect(one?.impossible).toBe('none: no client');
  });
});

describe('a kill matrix', () => {
  const subject = aCheck();
  const result = async (answers: number) =>
    new Map([['ARP-01/two', [await ran(aCheck({ observe: async () => ({ answers }) }))]]]);
  test('builds the unbroken lab before and after every broken one', () => {
    const cases = mutantCases(spec, [subject]);
    expect(cases.map(caseName)).toEqual(['before', 'ARP-01/two', 'after']);
    expect(cases[1]?.spec.name).toBe('broken');
  });
  test('takes one director where a pair is not what is checked', () => {
    expect(reduced(spec, subject).director.kind).toBe('ipvsadm');
    expect(reduced(spec, aCheck({ needs: ['directorPair'] }))).toBe(spec);
  });
  test('tells a kill from a failure for another reason, and from survival', async () => {
    const outcome = async (answers: number) =>
      killMatrix([subject], mutantCases(spec, [subject]), await result(answers))[0]?.outcome;
    expect(await outcome(2)).toBe('killed');
    expect(await outcome(3)).toBe('wrong-reason');
    expect(await outcome(1)).toBe('survived');
  });
  test('asks the others once for all mutants that break the lab alike, and tells each what they said', async () => {
    const twin = aCheck({ id: 'ARP-02' });
    const both = [subject, twin];
    const cases = mutantCases(spec, both, both).filter(({ purpose }) => purpose.kind === 'mutant');
    expect(cases.map((one) => [caseName(one), one.checks, one.sameLabAs])).toEqual([
      ['ARP-01/two', ['ARP-01', 'ARP-02'], undefined],
      ['ARP-02/two', ['ARP-02'], 'ARP-01/two'],
    ]);
    const [failed, passed] = [await ran(aCheck({ observe: async () => ({ answers: 2 }) })), await ran(twin)];
    const results = new Map([
      ['ARP-01/two', [failed, passed]],
      ['ARP-02/two', [{ ...failed, id: 'ARP-02' }]],
    ]);
    expect(killMatrix(both, cases, results).map(({ check, others }) => [check, others])).toEqual([
      ['ARP-01', [{ check: 'ARP-02', verdict: 'pass' }]],
      ['ARP-02', [{ check: 'ARP-01', verdict: 'fail' }]],
    ]);
  });
  test('builds no stage and no failover again when all is over', () => {
    const staged = aCheck({ id: 'X-01', stage: { id: 's', title: 's', change: (lab) => lab } });
    const failover = aCheck({ id: 'HA-01', suite: 'failover', scheduling: { clock: 'virtual' } });
    const after = mutantCases(spec, [subject, staged, failover]).filter(
      ({ purpose }) => purpose.kind === 'unbroken' && purpose.when === 'after',
    );
    expect(after.map((one) => [caseName(one), one.checks])).toEqual([['after', ['ARP-01']]]);
  });
  test('knows what this lab cannot be broken by', () => {
    const change = () => {
      throw new NotInLab('no UDP service');
    };
    const mutants = [{ id: 'udp', breaks: 'UDP', change, reason: /x/ }];
    const cases = mutantCases(spec, [aCheck({ mutants })]);
    expect(cases.map(caseName)).toEqual(['before', 'after']);
    const matrix = killMatrix([aCheck({ mutants })], cases, new Map());
    expect(matrix[0]?.outcome).toBe('unsupported');
    expect(exitOfMutants(matrix, [{ verdict: 'pass' }], 0)).toBe(3);
  });
});

test('events are read whole, however they arrive', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'drlab-test-'));
  const path = join(dir, 'events');
  const event: RunEvent = { type: 'progress', text: 'a lab – with a dash' };
  const line = Buffer.from(`${JSON.stringify(event)}\n`);
  await writeFile(path, line.subarray(0, 31));
  await using follower = await EventFollower.open(path);
  expect(await follower.poll()).toEqual([]);
  await appendFile(path, line.subarray(31));
  await appendFile(path, line);
  expect(await follower.poll()).toEqual([event, event]);
  await appendFile(path, '{"type":"progress"}\nnot JSON\n');
  await appendFile(path, line);
  expect(await follower.poll()).toEqual([
    expect.objectContaining({
      type: 'fault',
      exit: 70,
      message: expect.stringContaining(`${path}:3: text: `),
    }),
    expect.objectContaining({
      type: 'fault',
      exit: 70,
      message: expect.stringContaining(`${path}:4: not JSON`),
    }),
    event,
  ]);
  await rm(dir, { recursive: true });
});

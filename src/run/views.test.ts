import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Check, check } from '../model/check.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { hostsOf, type LabSpec } from '../model/spec.ts';
import { runCheck } from './check.ts';
import { type Looked, merged, type Outcome } from './views.ts';

const looked = (from: string, outcome: Outcome): Looked => ({ from, spec: seenBy(from), outcome });
const seenBy = (from: string): LabSpec => parseLab(`clients: [{ name: ${from.split(',')[0]} }]`, 'lab.yaml');
const passed = (seen = 'all were'): Outcome => ({ verdict: 'pass', expected: '4 of 4', seen });
const failed = (seen: string, cause = 'a rule'): Outcome => ({
  ...{ verdict: 'fail', expected: '4 of 4', seen, cause, remedy: [{ advice: `undo ${cause}` }] },
});

describe('what several views say together', () => {
  test('refutes a precondition for the clients that see it so', () => {
    const one = { precondition: 'allServersAnswer', hosts: ['rs2'], of: '198.18.0.100' } as const;
    const refuting = { ...failed('0 of 4'), refutes: [{ ...one, hosts: ['rs2'] }] };
    const of = (...all: [Looked, ...Looked[]]) => merged(all).refutes;
    expect(of(looked('c1', refuting), looked('c2', refuting))).toEqual([one]);
    expect(of(looked('c1', passed()), looked('c2', refuting))).toEqual([{ ...one, from: ['c2'] }]);
    // Another service, which the first client alone looks at.
    expect(of(looked('c1', passed()), looked('c2', passed()), looked('c1', refuting))).toEqual([one]);
  });
  test('follows from a finding where all that could not be judged does', () => {
    const because = { check: 'PP-16', hosts: ['rs2'] };
    const unjudged: Outcome = { verdict: 'inconclusive', reason: 'not judged', because };
    expect(merged([looked('c1', passed()), looked('c2', unjudged)])).toMatchObject({
      ...{ verdict: 'inconclusive', because },
    });
    const late: Outcome = { verdict: 'inconclusive', reason: 'late' };
    expect(merged([looked('c1', late), looked('c2', unjudged)])).not.toHaveProperty('because');
  });

  test('is what one says, where there is one', () => {
    const one = passed();
    expect(merged([looked('c1', one)])).toBe(one);
  });

  test('is pass only where all pass, and what all say is said once', () => {
    expect(merged([looked('c1', passed()), looked('c2', passed())])).toMatchObject({
      verdict: 'pass',
      seen: 'all were',
      vantages: [
        { from: 'c1', verdict: 'pass', seen: 'all were' },
        { from: 'c2', verdict: 'pass', seen: 'all were' },
      ],
    });
    const different = merged([looked('c1', passed()), looked('c2', passed('4 were'))]);
    expect(different.seen).toBe('from c1: all were; from c2: 4 were');
  });

  test('is fail where one fails, from where it did, for its cause', () => {
    const outcome = merged([looked('c1', passed()), looked('c2, behind router', failed('0 of 4'))]);
    expect(outcome).toMatchObject({
      verdict: 'fail',
      seen: 'from c2, behind router: 0 of 4',
      cause: 'from c2, behind router: a rule',
      remedy: [{ advice: 'undo a rule' }],
    });
  });

  test('names each cause and each remedy once', () => {
    const alike = merged([looked('c1', failed('1 of 4')), looked('c2', failed('0 of 4'))]);
    expect(alike).toMatchObject({ cause: 'a rule', remedy: [{ advice: 'undo a rule' }] });
    const two = merged([looked('c1', failed('0', 'a rule')), looked('c2', failed('0', 'a route'))]);
    expect(two.cause).toBe('from c1: a rule; from c2: a route');
    expect(two.remedy).toEqual([{ advice: 'undo a rule' }, { advice: 'undo a route' }]);
  });

  test.each([
    [['pass', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'broken'], 'broken'],
    [['broken', 'fail'], 'fail'],
    [['unsupported', 'pass'], 'pass'],
    [['unsupported', 'unsupported'], 'unsupported'],
  ] as const)('%j is %s', ([a, b], verdict) => {
    expect(merged([looked('c1', { verdict: a }), looked('c2', { verdict: b })]).verdict).toBe(verdict);
  });

  test('has the figures of the first alone', () => {
    const figures = [{ name: 'latency', value: 1, unit: 'ms' }] as NonNullable<Outcome['figures']>;
    const second = { ...passed(), figures: [] };
    expect(merged([looked('c1', { ...passed(), figures }), looked('c2', second)]).figures).toBe(figures);
  });
});

describe('a check in a lab with two kinds of client', () => {
  const spec = parseLab('clients: [{ name: c1 }, { name: c2, via: router }]', 'lab.yaml');
  const lab = { spec, lacks: () => undefined, logs: async () => [] } as unknown as Lab;
  const asked = check<{ client: string }>({
    id: 'ARP-01',
    suite: 'arp',
    level: 'must',
    title: 'who asks',
    requirement: 'c1',
    source: 'RFC 826',
    needs: [],
    mutants: [],
    async observe({ lab: { spec: seen }, evidence }) {
      await evidence.save('spec.txt', seen.name);
      return { client: hostsOf(seen, 'client')[0]?.name ?? '' };
    },
    judge: ({ client }, facts) => ({
      verdict: client === 'c1' ? 'pass' : 'fail',
      expected: 'c1',
      seen: `${client} of ${hostsOf(facts.spec, 'client')[0]?.name}`,
    }),
  });
  let runDir: string;
  beforeAll(async () => {
    runDir = await mkdtemp(join(tmpdir(), 'drlab-test-'));
  });
  afterAll(() => rm(runDir, { recursive: true }));
  const ran = (subject: Check) => runCheck(subject, { lab, runDir, folder: 'ARP-01', note: () => {} });

  test('looks once, unless it says otherwise', async () => {
    const result = await ran(asked);
    expect(result).toMatchObject({ verdict: 'pass', seen: 'c1 of c1' });
    expect(result.vantages).toBeUndefined();
  });

  test('is observed and judged from both, and keeps what was seen from each', async () => {
    const result = await ran({ ...asked, vantages: { clients: true } });
    expect(result).toMatchObject({ verdict: 'fail', seen: 'from c2, behind router: c2 of c2' });
    expect(result.vantages?.map(({ from, verdict }) => `${from}: ${verdict}`)).toEqual([
      'c1: pass',
      'c2, behind router: fail',
    ]);
    const files = await readdir(join(runDir, 'evidence', 'ARP-01'));
    expect(files.toSorted()).toEqual([
      'from-c2-observation.json',
      'from-c2-spec.txt',
      'observation.json',
      'spec.txt',
    ]);
    const second = await readFile(join(runDir, 'evidence', 'ARP-01', 'from-c2-observation.json'), 'utf8');
    expect(JSON.parse(second)).toEqual({ client: 'c2' });
  });
});

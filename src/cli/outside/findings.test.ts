import { describe, expect, it } from 'vitest';
import { type Check, check } from '../../model/check.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Case } from '../../model/job.ts';
import { parseLab } from '../../model/labfile/index.ts';
import { aResult } from '../../report/testing/result.ts';
import { brokenBy, inRun } from '../../run/testing/purposes.ts';
import { Findings } from './findings.ts';

const spec = parseLab('name: one', 'one.yaml');
const aCheck = (id: string, over: Partial<Check> = {}): Check => ({
  ...check({
    id,
    suite: 'path',
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    mutants: [],
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  }),
  ...over,
});
const checks = [
  aCheck('PP-16', { establishes: ['allServersAnswer'] }),
  aCheck('HA-01', { suite: 'failover' }),
  aCheck('HA-02', { suite: 'failover', needs: ['directorPair'] }),
  aCheck('ENV-02'),
];
const aCase = (group: string | undefined, ...ids: string[]): Case => ({
  ...{ purpose: inRun(group), spec, checks: ids },
});
const first = aCase(undefined, 'PP-16');
const later = aCase('failover', 'HA-01', 'HA-02', 'ENV-02');
const fails = aResult('PP-16', {
  verdict: 'fail',
  refutes: [{ precondition: 'allServersAnswer', hosts: ['rs2'] }],
});
const end = (result = fails): RunEvent => ({ type: 'check-end', case: 'run', result });
const up: RunEvent = {
  ...{ type: 'lab-up', case: 'run', tookMs: 1, configs: [], hosts: [] },
  lacks: { directorPair: 'there is one' },
};

describe('what one sandbox found', () => {
  it('spares the others what presumes it away, and leaves them the rest', async () => {
    const findings = new Findings([first, later], checks, spec);
    const told: RunEvent[] = [];
    for (const event of [up, end()]) findings.hear(event);
    const left = await findings.meaningful([later], (event) => told.push(event));
    expect(left.map((one) => one.checks)).toEqual([['ENV-02']]);
    expect(told).toMatchObject([
      { type: 'check-end', case: 'run@failover', result: { id: 'HA-01', because: { check: 'PP-16' } } },
      { result: { id: 'HA-02', verdict: 'unsupported' } },
    ]);
    expect(findings.notJudged).toEqual(told);
  });

  it('spares them nothing where all is well, and nothing to labs that were broken on purpose', async () => {
    const sound = new Findings([first, later], checks, spec);
    sound.hear(end(aResult('PP-16')));
    expect(await sound.meaningful([later], () => {})).toEqual([later]);
    const broken: Case = { purpose: brokenBy('PP-16', 'vip-missing'), spec, checks: ['PP-16', 'HA-01'] };
    const mutants = new Findings([broken], checks, spec);
    mutants.hear({ type: 'check-end', case: 'PP-16/vip-missing', result: fails });
    expect(await mutants.meaningful([broken], () => {})).toEqual([broken]);
  });

  it('is waited for by those that depend on it, until it is known, or its sandbox has ended', async () => {
    for (const ended of [false, true]) {
      const findings = new Findings([first, later], checks, spec);
      let endFirst = (): void => {};
      const leading = findings.during([first], () => new Promise<void>((resolve) => (endFirst = resolve)));
      let asked = false;
      const waiting = findings.meaningful([later], () => {}).then(() => (asked = true));
      await Promise.resolve();
      expect(asked).toBe(false);
      if (ended) endFirst();
      else findings.hear(end());
      await waiting;
      endFirst();
      await leading;
    }
  });

  it('is not waited for where nobody is looking, or by those that do not depend on it', async () => {
    const findings = new Findings([first, later], checks, spec);
    expect(findings.depends([later])).toBe(true);
    expect(findings.depends([aCase('failover', 'ENV-02')])).toBe(false);
    expect(findings.depends([first])).toBe(false);
    expect(await findings.meaningful([later], () => {})).toEqual([later]);
  });

  it('says of what is told from which other finding it follows', () => {
    const local = aCheck('VIP-01', { follows: ['allServersAnswer'] });
    const findings = new Findings([aCase(undefined, 'PP-16', 'VIP-01')], [...checks, local], spec);
    findings.hear(end());
    const event = findings.hear(end(aResult('VIP-01', { verdict: 'fail', cause: 'the VIP is not on rs2' })));
    expect(event).toMatchObject({ result: { because: { check: 'PP-16', hosts: ['rs2'] } } });
  });
});

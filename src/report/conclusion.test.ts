import { describe, expect, it } from 'vitest';
import type { Verdict } from '../model/check.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import { conclude, conclusion } from './conclusion.ts';
import { aRecord, someMutants } from './testing/record.ts';
import { aResult } from './testing/result.ts';

const run = (results: CheckResult[], exitCode: number, over: Partial<RunRecord> = {}): RunRecord =>
  aRecord({ results, exitCode, ...over });
const must = (verdict: Verdict, id = `ARP-${verdict}`): CheckResult => aResult(id, { verdict });

describe('the conclusion of a run', () => {
  it('counts every MUST check, those without a verdict, too', () => {
    const results = [must('pass'), must('pass'), must('unsupported'), aResult('L', { level: 'measure' })];
    expect(conclusion(run(results, 0))).toBe(
      'Conformant: 2 of 3 MUST checks pass; 1 not judged (1 unsupported).',
    );
  });

  it('says as what a lab conforms that does not forward by DR alone', () => {
    const tun = aRecord();
    tun.lab.spec.services = tun.lab.spec.services.map((one) => ({ ...one, forward: 'tun' }));
    const drAlone = aResult('PP-01', { verdict: 'unsupported', forwards: ['dr'] });
    const results = [must('pass'), drAlone, aResult('PP-02', { level: 'should', verdict: 'unsupported' })];
    expect(conclusion({ ...tun, results, exitCode: 0 })).toBe(
      'Conformant as a TUN set-up: 1 of 2 MUST checks pass; 1 not judged (1 unsupported); 1 check means DR alone: PP-01; 1 other check could not be run here (unsupported).',
    );
  });

  it('says first what holds in the set-up, and apart from it what holds of kernel and daemons', () => {
    const stage = { id: 'sync', title: 'two directors' };
    const staged = (verdict: Verdict, id: string) => ({ ...must(verdict, id), stage });
    const own = [must('pass', 'ARP-01'), must('pass', 'PP-01')];
    expect(conclusion(run([...own, staged('pass', 'SYN-01')], 0))).toBe(
      'Conformant: in your set-up 2 of 2 MUST checks pass; of this kernel and these daemons, in labs of drlab’s own, 1 of 1 MUST checks pass.',
    );
    expect(conclusion(run([...own, staged('fail', 'SYN-01')], 1))).toBe(
      'Not conformant: in your set-up 2 of 2 MUST checks pass; of this kernel and these daemons, in labs of drlab’s own, 1 MUST check fails: SYN-01; 0 of 1 MUST checks pass.',
    );
    for (const unjudged of [[], [must('unsupported', 'ARP-01')]])
      expect(conclusion(run([...unjudged, staged('pass', 'SYN-01')], 0))).toContain(
        'Conformant: nothing was judged in your set-up; ',
      );
  });

  it('names the MUST checks that fail', () => {
    expect(conclusion(run([must('fail', 'ARP-01'), must('fail', 'PP-02'), must('pass')], 1))).toBe(
      'Not conformant: 2 MUST checks fail: ARP-01, PP-02.',
    );
  });

  it('counts what was not judged beside what fails, too', () => {
    expect(conclusion(run([must('fail', 'ARP-01'), must('pass'), must('unsupported')], 1))).toBe(
      'Not conformant: 1 MUST check fails: ARP-01; 1 of 3 MUST checks pass; 1 not judged (1 unsupported).',
    );
  });

  it('names what follows from another finding with it, and counts what was not judged because of it', () => {
    const because = { check: 'PP-16', hosts: ['rs2'] };
    const results = [
      ...[must('pass'), must('fail', 'PP-16'), must('unsupported')],
      aResult('VIP-01', { verdict: 'fail', because }),
      ...['SCH-01', 'HA-01'].map((id) => aResult(id, { verdict: 'inconclusive', because })),
      must('fail', 'PP-24'),
    ];
    expect(conclusion(run(results, 1))).toBe(
      'Not conformant: 3 MUST checks fail: PP-16 (because of it VIP-01), PP-24; 1 of 7 MUST checks pass; 3 not judged (2 because of PP-16, 1 unsupported).',
    );
  });

  it('says of what was not judged because of one finding no more than that', () => {
    const because = { check: 'PP-16', hosts: ['rs2'] };
    const results = [must('pass'), must('fail', 'PP-16'), aResult('S', { verdict: 'inconclusive', because })];
    expect(conclusion(run(results, 1))).toBe(
      'Not conformant: 1 MUST check fails: PP-16; 1 of 3 MUST checks pass; 1 not judged because of PP-16.',
    );
  });

  it('lists eight at most', () => {
    const results = Array.from({ length: 11 }, (_, i) => must('fail', `F${i}`));
    expect(conclusion(run(results, 1))).toContain('F7 and 3 more');
  });

  it('is conformant with warnings, which it names', () => {
    const results = [must('pass'), aResult('PP-13', { level: 'should', verdict: 'warn' }), must('skipped')];
    expect(conclusion(run(results, 0))).toBe(
      'Conformant: 1 of 2 MUST checks pass; 1 not judged (1 skipped); 1 SHOULD is not met: PP-13.',
    );
  });

  it('is inconclusive when anything broke, whatever passed', () => {
    expect(conclusion(run([must('pass'), must('broken', 'HA-02')], 2))).toBe(
      'Inconclusive: 1 check broke: HA-02; 1 of 2 MUST checks pass; 1 not judged (1 broken).',
    );
  });

  it('says of an interrupted run how far it came', () => {
    const record = run([must('pass'), must('fail', 'PP-01')], 130, { notRun: ['HA-01', 'HA-02'] });
    expect(conclusion({ ...record, results: [must('pass')] })).toBe(
      'Interrupted: 1 check had ended, 2 had not; 1 of 1 MUST checks pass.',
    );
    expect(conclude(record).outcome).toBe('notConformant');
  });

  it('does not call a set-up conformant of which most was not judged', () => {
    const foreign = [must('unsupported', 'PP-01'), must('unsupported', 'PP-02')];
    expect(conclusion(run([must('pass'), ...foreign], 0))).toMatch(
      /^Nothing failed: most MUST checks were not judged, too many to call this conformant; 1 of 3 MUST checks pass/,
    );
    expect(conclude(run([must('pass'), foreign[0] as CheckResult], 0)).headline).toBe('Conformant');
  });

  it('does not call measurements alone conformant', () => {
    const { headline } = conclude(run([aResult('LAT-01', { level: 'measure' })], 0));
    expect(headline).toBe('Nothing failed');
  });

  it('says that nothing ran', () => {
    expect(conclusion(run([], 3))).toBe('Nothing ran: no check was selected.');
    expect(conclusion(run([must('unsupported'), must('skipped')], 3))).toBe(
      'Nothing ran: 0 of 2 MUST checks pass; 2 not judged (1 unsupported, 1 skipped).',
    );
  });

  it('is never greener than the exit code', () => {
    expect(conclude(run([must('pass')], 130)).headline).toBe('Interrupted');
    expect(conclude(run([must('pass')], 70)).headline).toBe('Inconclusive');
    expect(conclude(run([must('pass')], 1)).headline).toBe('Not conformant');
    expect(conclude(run([must('pass')], 3)).headline).toBe('Nothing ran');
  });

  it('is never greener than the results and the faults', () => {
    expect(conclude(run([must('fail')], 0)).outcome).toBe('notConformant');
    const faults = [{ message: 'the guest hung' }];
    expect(conclusion(run([must('pass')], 0, { faults }))).toContain('1 problem of the run itself');
    expect(conclude(run([], 0, { faults })).outcome).toBe('inconclusive');
  });

  /** Every mixture of verdicts, against the exit codes as they are documented. */
  it('agrees with the exit code for every mixture of verdicts', () => {
    const verdicts: Verdict[] = ['pass', 'fail', 'warn', 'unsupported', 'skipped', 'inconclusive', 'broken'];
    const exits = { notConformant: 1, inconclusive: 2, conformant: 0, nothingRan: 3, interrupted: 130 };
    for (let set = 0; set < 2 ** verdicts.length; set++) {
      const chosen = verdicts.filter((_, bit) => (set & (1 << bit)) !== 0);
      const has = (...some: Verdict[]) => some.some((verdict) => chosen.includes(verdict));
      const exit = has('fail') ? 1 : has('broken', 'inconclusive') ? 2 : has('pass', 'warn') ? 0 : 3;
      const { outcome } = conclude(
        run(
          chosen.map((verdict) => must(verdict)),
          exit,
        ),
      );
      expect([chosen, exits[outcome]]).toEqual([chosen, exit]);
    }
  });
});

describe('the conclusion of a kill matrix', () => {
  const killed = someMutants().filter(({ outcome }) => outcome === 'killed');
  const matrix = (over: Partial<RunRecord>): string =>
    conclusion(aRecord({ command: 'mutants', results: [], exitCode: 0, mutants: killed, ...over }));

  it('is proven when every mutant is killed', () => {
    expect(matrix({})).toBe('Proven: 2 of 2 mutants killed, each for the reason it names.');
  });

  it('names the survivors', () => {
    expect(matrix({ mutants: someMutants(), exitCode: 1 })).toBe(
      'Not proven: 2 of 5 mutants killed; no check caught PP-02/nft-fwd, PP-05/gateway-director; no verdict on HA-01/one-director.',
    );
  });

  it('is worth nothing when the unbroken lab fails', () => {
    expect(matrix({ results: [must('fail', 'ARP-01')], exitCode: 1 })).toBe(
      'Not proven: 2 of 2 mutants killed; on the unbroken lab not green: ARP-01.',
    );
  });

  it('is inconclusive, interrupted or empty as the run was', () => {
    expect(matrix({ exitCode: 2 })).toMatch(/^Inconclusive/);
    expect(matrix({ exitCode: 130 })).toMatch(/^Interrupted/);
    expect(matrix({ mutants: [], exitCode: 3 })).toBe('Nothing ran: no mutant was selected.');
  });
});

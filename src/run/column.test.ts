import { describe, expect, it } from 'vitest';
import type { Verdict } from '../model/check.ts';
import { parseLab } from '../model/labfile/index.ts';
import type { MatrixCheck, PlaceColumn } from '../model/matrix.ts';
import { aRecord } from '../report/testing/record.ts';
import { aResult } from '../report/testing/result.ts';
import { exitOfMatrix, ranColumn, unavailableColumn, waitingColumn } from './column.ts';

const spec = parseLab('name: x\n', 'x.yaml');
const waiting = waitingColumn({ name: 'here', sandbox: 'auto', kernel: '6.1' }, 0, spec);
const checks: MatrixCheck[] = ['ARP-01', 'ARP-02'].map((id) => ({
  id,
  suite: 'arp',
  level: 'must',
  title: '',
  requirement: '',
}));
const ran = (verdicts: Verdict[], over: Parameters<typeof aRecord>[0] = {}): PlaceColumn => {
  const results = verdicts.map((verdict, index) =>
    aResult(`ARP-0${index + 1}`, { verdict, durationMs: verdict === 'broken' ? 0 : 5 }),
  );
  return ranColumn(waiting, aRecord({ results, exitCode: 0, ...over }), 'places/1-here', 70);
};
const refused = unavailableColumn(waiting, checks, { message: 'no dockerd', hint: 'install it' }, 3);

describe('a column', () => {
  it('is as the lab file says where the place leaves it open', () => {
    expect(waiting).toMatchObject({ driver: 'netns', sandbox: 'auto', director: 'ipvsadm', kernel: '6.1' });
  });

  it('says what came out: sandbox, kernel, and a link for each check', () => {
    const versions = { 'kernel in the sandbox': '6.1.0-56' };
    expect(ran(['pass'], { versions })).toMatchObject({
      state: 'done',
      sandbox: 'uml',
      kernel: '6.1.0-56',
      tookMs: 70,
      cells: [{ id: 'ARP-01', verdict: 'pass', report: 'places/1-here/report.html#ARP-01' }],
    });
  });

  it('of machines elsewhere does not take the kernel here for theirs', () => {
    const fidelity = { sandbox: 'none', time: 'real', cpus: 2, network: '' } as const;
    const column = waitingColumn({ name: 'there', sandbox: 'auto' }, 0, spec);
    const versions = { 'kernel in the sandbox': '6.18' };
    expect(ranColumn(column, aRecord({ fidelity, versions }), 'd', 1)).not.toHaveProperty('kernel');
  });

  it('without a place is unsupported throughout, with the reason', () => {
    expect(refused).toMatchObject({ state: 'unavailable', reason: 'no dockerd', hint: 'install it' });
    expect(refused.cells.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unsupported', 'no dockerd'],
      ['unsupported', 'no dockerd'],
    ]);
  });

  it('that was interrupted keeps what had ended', () => {
    const column = ran(['pass'], { exitCode: 130 });
    expect(column.state).toBe('interrupted');
    expect(column.cells.map(({ id }) => id)).toEqual(['ARP-01']);
  });
});

describe('the exit code of a matrix', () => {
  const code = (...columns: PlaceColumn[]): number => exitOfMatrix(columns);

  it('is the worst of its places', () => {
    expect(code(ran(['pass']), ran(['pass', 'warn']))).toBe(0);
    expect(code(ran(['pass']), ran(['broken']))).toBe(2);
    expect(code(ran(['pass']), ran(['inconclusive']), ran(['fail']))).toBe(1);
    expect(code(ran(['pass'], { faults: [{ message: 'the guest hung' }] }))).toBe(2);
  });

  it('counts no unavailable place', () => {
    expect(code(ran(['pass']), refused)).toBe(0);
    expect(code(refused)).toBe(3);
    expect(code(refused, ran(['unsupported', 'skipped']))).toBe(3);
    expect(code()).toBe(3);
  });

  it('is 130 while a place is missing', () => {
    expect(code(ran(['pass']), waiting)).toBe(130);
    expect(code(ran(['fail'], { exitCode: 130 }), ran(['pass']))).toBe(130);
  });
});

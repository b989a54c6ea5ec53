import { describe, expect, it } from 'vitest';
import type { MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { aColumn, aMatrix, unavailable } from '../testing/matrix.ts';
import { concludeMatrix, matrixConclusion } from './conclusion.ts';
import { differingRows, suitesOf } from './view.ts';

const checks = aMatrix()
  .checks.filter(({ level }) => level === 'must')
  .slice(0, 2);
const [one = '', two = ''] = checks.map(({ id }) => id);
const column = (name: string, over: Parameters<typeof aColumn>[2] = {}): PlaceColumn =>
  aColumn(`netns/uml/${name}`, checks, over);
const green = column('keepalived');
const gone = unavailable(column('nftables'), checks);
const matrix = (...places: PlaceColumn[]): MatrixRecord => aMatrix({ checks, places, exitCode: 0 });

describe('the conclusion of a matrix', () => {
  it('counts checks, places and verdicts', () => {
    expect(matrixConclusion(matrix(green, column('ipvsadm', { [two]: 'unsupported' })))).toBe(
      'Conformant in all 2 places: 2 checks × 2 places: 3 pass, 0 fail, 1 unsupported.',
    );
  });

  it('is not green where a place was unavailable, and names it', () => {
    expect(concludeMatrix(matrix(green, gone))).toMatchObject({
      tone: 'differs',
      headline: 'Conformant in 1 of 2 places',
      detail: '2 checks × 2 places: 2 pass, 0 fail, 2 unsupported; unavailable: netns/uml/nftables',
    });
    expect(concludeMatrix(matrix(gone))).toMatchObject({ tone: 'nothingRan', headline: 'Nothing ran' });
  });

  it('is as bad as the worst place', () => {
    const failed = column('ipvsadm', { [one]: 'fail', [two]: 'broken' });
    const broken = column('nftables', { [two]: 'broken' });
    expect(concludeMatrix(matrix(green, broken)).headline).toBe('Inconclusive in 1 of 2 places');
    expect(concludeMatrix(matrix(green, broken, failed))).toMatchObject({
      tone: 'notConformant',
      headline: 'Not conformant in 1 of 3 places',
    });
    const { run, ...rest } = green;
    const hung = { ...rest, ...(run && { run: { ...run, faults: [{ message: 'the guest hung' }] } }) };
    expect(concludeMatrix(matrix(hung)).tone).toBe('inconclusive');
  });

  it('says when places are missing', () => {
    const waiting: PlaceColumn = { ...column('ipvsadm'), state: 'waiting', cells: [] };
    expect(matrixConclusion(matrix(green, waiting))).toBe(
      'Interrupted: 2 checks × 2 places: 2 pass, 0 fail, 2 not run; not reached: netns/uml/ipvsadm.',
    );
  });

  it('does not call measurements alone conformant', () => {
    const measures = checks.map((check) => ({ ...check, level: 'measure' as const }));
    const { headline } = concludeMatrix({ ...matrix(green), checks: measures });
    expect(headline).toBe('Nothing failed in the one place');
  });
});

describe('places differ', () => {
  const ids = (record: MatrixRecord) => differingRows(record).map(({ check }) => check.id);

  it('where a check that ran says something else, the worst first', () => {
    const record = matrix(green, column('ipvsadm', { [one]: 'warn', [two]: 'fail' }), gone);
    expect(ids(record)).toEqual([two, one]);
  });

  it('not where one of them cannot run it', () => {
    expect(ids(matrix(green, column('ipvsadm', { [one]: 'unsupported', [two]: 'skipped' })))).toEqual([]);
  });
});

it('a check without a verdict in a place has no cell there', () => {
  const record = matrix(green, {
    ...column('ipvsadm'),
    state: 'interrupted',
    cells: green.cells.slice(0, 1),
  });
  const rows = suitesOf(record).flatMap((suite) => suite.rows);
  expect(rows.map(({ cells }) => cells.map((cell) => cell?.verdict))).toEqual([
    ['pass', 'pass'],
    ['pass', undefined],
  ]);
});

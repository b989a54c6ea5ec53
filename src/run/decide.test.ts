import { expect, it } from 'vitest';
import type { Claim } from '../model/claim.ts';
import type { CheckResult, RunRecord } from '../model/record.ts';
import { decideClaims } from './decide.ts';

const claim: Claim = {
  id: 'S05',
  subject: 'packets',
  statement: 'the destination is rewritten',
  verdict: 'false',
  decidedBy: ['PP-01', 'PP-02'],
  because: 'it is not',
};
const results = (second: CheckResult['verdict']) =>
  [
    { id: 'PP-01', verdict: 'pass', seen: 'the same' },
    { id: 'PP-02', verdict: second, seen: 'one less' },
  ] as RunRecord['results'];

it('is decided where every check that decides it passed', () => {
  expect(decideClaims([claim], results('pass'))[0]).toMatchObject({
    verdict: 'false',
    evidence: [
      { check: 'PP-01', seen: 'the same' },
      { check: 'PP-02', seen: 'one less' },
    ],
  });
});

it.each(['fail', 'inconclusive', 'unsupported', 'broken', 'warn'] as const)(
  'stays open after %s',
  (verdict) => {
    expect(decideClaims([claim], results(verdict))[0]?.verdict).toBe('open');
  },
);

it('stays open where a check was not run, or none decides it', () => {
  expect(decideClaims([claim], results('pass').slice(0, 1))[0]?.verdict).toBe('open');
  expect(decideClaims([{ ...claim, decidedBy: [] }], results('pass'))[0]?.verdict).toBe('open');
});

import type { Claim, DecidedClaim } from '../model/claim.ts';
import type { CheckResult } from '../model/record.ts';

/**
 * What a run showed of each claim. A claim is decided where every check that decides it passed: they assert how
 * DR behaves, and the claim is held against that. Where one of them did not pass, it stays open.
 */
export function decideClaims(claims: readonly Claim[], results: readonly CheckResult[]): DecidedClaim[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return claims.map(({ verdict, decidedBy, ...claim }) => {
    const evidence = decidedBy.map((check) => {
      const result = byId.get(check);
      return result
        ? { check, verdict: result.verdict, seen: result.seen ?? result.reason ?? '' }
        : { check, verdict: 'skipped' as const, seen: 'it was not run' };
    });
    const decided = evidence.length > 0 && evidence.every((one) => one.verdict === 'pass');
    return { ...claim, verdict: decided ? verdict : 'open', evidence };
  });
}

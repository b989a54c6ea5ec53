import type { DecidedClaim } from '../model/claim.ts';
import type { RunRecord } from '../model/record.ts';
import { fidelityLabel } from './text/fidelity.ts';
import { code, table, text } from './text/md.ts';
import { claimMark } from './text/verdicts.ts';

/** What is said and what is so, a table for each subject; empty where nothing was claimed. */
export function claimsMarkdown(claims: readonly DecidedClaim[] = []): string {
  const subjects = [...new Set(claims.map((claim) => claim.subject))];
  return subjects
    .map((subject) => {
      const rows = claims
        .filter((claim) => claim.subject === subject)
        .map((claim) => [
          code(claim.id),
          text(claim.statement),
          `${claimMark[claim.verdict]} ${claim.verdict}`,
          `${text(claim.because)} ${claim.evidence.map((one) => `${code(one.check)} ${one.verdict}`).join(', ')}`,
        ]);
      return `### ${text(subject)}\n\n${table(['', 'said', 'verdict', 'why, and what showed it'], rows)}`;
    })
    .join('\n\n');
}

/** `docs/claims.md`. */
export function claimsDocument(record: RunRecord): string {
  const claims = record.claims ?? [];
  const of = (verdict: DecidedClaim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  return `# Claims about LVS-DR, tested in a lab

Statements from a widely copied article on LVS-DR, paraphrased. Each was compared with what a lab showed; a statement is
decided only where every check beside it passed. Made by \`drlab claims\` on ${record.startedAt.slice(0, 10)} (${fidelityLabel(record.fidelity)}, kernel
${record.versions['kernel in the sandbox'] ?? 'unknown'}): ${of('true')} true, ${of('partly')} partly, ${of('false')} false, ${of('open')} open. The checks are in [catalogue.md](catalogue.md).

${claimsMarkdown(claims)}
`;
}

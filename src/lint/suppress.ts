import type { Finding, Rule } from './rule.ts';

/** `# drlab: allow KA-22 because …` on the line of a finding or on the one above it. */

export const withoutReason: Rule = {
  id: 'LINT-01',
  severity: 'warning',
  title: 'what is allowed has a reason',
  why: 'Whoever reads the file next cannot tell an exception from an oversight.',
  edit: 'write why, after the ID',
};

interface Allowed {
  id: string;
  line: number;
  reason: string;
}

function allowedIn(text: string): Allowed[] {
  return text.split('\n').flatMap((row, i) => {
    const found = /[#!;]\s*drlab:\s*allow\s+([A-Z0-9]+-\d+)\b[\s:,-]*(.*)$/.exec(row);
    if (!found) return [];
    const alone = /^\s*[#!;]/.test(row);
    return [{ id: found[1] ?? '', line: i + (alone ? 2 : 1), reason: (found[2] ?? '').trim() }];
  });
}

/** The findings that remain, and those that files allow. */
export function suppress(
  findings: Finding[],
  texts: ReadonlyMap<string, string>,
): { findings: Finding[]; allowed: Finding[] } {
  const byFile = new Map([...texts].map(([file, text]) => [file, allowedIn(text)]));
  const isAllowed = ({ rule, place }: Finding): boolean =>
    (byFile.get(place.file) ?? []).some(
      ({ id, line, reason }) => id === rule.id && line === place.line && reason !== '',
    );
  const bare = [...byFile].flatMap(([file, all]) =>
    all
      .filter(({ reason }) => reason === '')
      .map(({ id, line }) => ({
        rule: withoutReason,
        place: { file, line, column: 1 },
        text: `${id} is allowed without a reason, so it is told all the same`,
      })),
  );
  return {
    findings: [...findings.filter((one) => !isAllowed(one)), ...bare],
    allowed: findings.filter(isAllowed),
  };
}

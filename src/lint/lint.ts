import type { Finding, HostFiles, Rule } from './rule.ts';
import { lvsRules } from './rules/lvs.ts';
import { pairRules } from './rules/pair.ts';
import { syntaxRules } from './rules/syntax.ts';
import { sysctlRules } from './rules/sysctls.ts';
import { vrrpRules } from './rules/vrrp.ts';
import { withoutReason } from './suppress.ts';

const groups = [syntaxRules, vrrpRules, lvsRules, pairRules, sysctlRules];

export const rules: readonly Rule[] = [...groups.flatMap((group) => group.rules), withoutReason];

/** What the files of these hosts show, by file and line. */
export function lint(hosts: HostFiles[]): Finding[] {
  const all = groups.flatMap((group) => [
    ...hosts.flatMap((files) => group.host?.(files) ?? []),
    ...(group.site?.(hosts) ?? []),
  ]);
  const seen = new Set<string>();
  const once = all.filter(({ rule, place, text }) => {
    const key = `${rule.id} ${place.file}:${place.line}:${place.column} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) =>
    a.place.file === b.place.file
      ? a.place.line - b.place.line || a.place.column - b.place.column
      : a.place.file < b.place.file
        ? -1
        : 1,
  );
}

import type { z } from 'zod';
import { knownKeys } from './jsonschema.ts';
import { didYouMean } from './nearest.ts';
import { nameOf, type Path, type Problems } from './problems.ts';
import { otherNames } from './schema-scheduling.ts';

type Issue = z.core.$ZodIssue;

/** What a file is called, and the keys that it may have. */
export interface FileKind {
  name: string;
  keysAt: (path: PropertyKey[]) => string[];
}

const labFileKind: FileKind = { name: 'the lab file', keysAt: knownKeys };

/** Turns what the schema found into sentences about the file. */
export function explainIssues(
  issues: readonly Issue[],
  value: unknown,
  problems: Problems,
  kind: FileKind = labFileKind,
  base: Path = [],
): void {
  for (const issue of issues) {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) explainUnknownKey(path, key, problems, kind);
    } else if (issue.code === 'invalid_union' && meantBranch(issue.errors)) {
      explainIssues(meantBranch(issue.errors) ?? [], value, problems, kind, path);
    } else if (issue.code === 'invalid_key') {
      const expected = issue.issues[0]?.message ?? issue.message;
      problems.add(path, `«${String(path.at(-1))}» is not allowed here; expected ${expected}`, 'key');
    } else {
      const found = valueAt(value, path);
      const hint = issue.code === 'invalid_value' ? didYouMean(String(found), issue.values.map(String)) : '';
      problems.add(path, `${nameOf(path, kind.name)} is ${show(found)}; expected ${issue.message}.${hint}`);
    }
  }
}

function explainUnknownKey(path: Path, key: string, problems: Problems, kind: FileKind): void {
  const known = kind.keysAt([...path]);
  const hint = here(key, known) || didYouMean(key, known) || ` Known here: ${known.join(', ')}.`;
  const where = path.length > 0 ? ` in ${nameOf(path)}` : '';
  problems.add([...path, key], `unknown key «${key}»${where}.${hint}`, 'key');
}

/** The key of this place for what another program calls so. */
function here(key: string, known: readonly string[]): string {
  const name = Object.hasOwn(otherNames, key) ? (otherNames[key] ?? '') : '';
  const [own = ''] = name.split(':');
  return known.includes(own) ? ` Here it is called «${name}».` : '';
}

/** Of several ways to write a value, the one of the kind that was written: a list is judged as a list. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const wrongKind = (issue: Issue) =>
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
  return branches.find((issues) => issues.length > 0 && !issues.some(wrongKind));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? `the text «${value}»` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

import { readFileSync } from 'node:fs';
import type { ZodError, ZodType, z } from 'zod';
import { messageOf, UsageError } from '../../util/errors.ts';

/** What was written to disk and is read back: it may be torn, damaged, edited by hand, or another version's. */
export interface Expected {
  /** What to do when it does not fit. */
  hint: string;
  /** Instead of `hint` where it is JSON but not of this form, such as where that is published. */
  formHint?: string;
}

/**
 * @param file named in errors
 * @throws {UsageError} saying that it is no JSON, and where.
 */
export function parseJson(file: string, text: string, { hint }: Expected): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file}: not JSON: ${messageOf(cause)}`, {
      cause,
      hint: text.trim() === '' ? 'The file is empty: what wrote it may have been ended meanwhile.' : hint,
    });
  }
}

/**
 * The data itself, not what zod made of it: fields that it does not know must survive being written again.
 * @throws {UsageError} naming the file, each place in it, and what was expected there.
 */
export function conforming<S extends ZodType>(
  file: string,
  data: unknown,
  schema: S,
  { hint, formHint = hint }: Expected,
): z.infer<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return data as z.infer<S>;
  throw new UsageError(`${file}: ${misfits(parsed.error)}`, { cause: parsed.error, hint: formHint });
}

/** @throws {UsageError} as both. */
export const parseStored = <S extends ZodType>(
  file: string,
  text: string,
  schema: S,
  expected: Expected,
): z.infer<S> => conforming(file, parseJson(file, text, expected), schema, expected);

/** @throws {UsageError} as `parseStored`, and where it cannot be read. */
export function readStored<S extends ZodType>(file: string, schema: S, expected: Expected): z.infer<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw unread(file, cause, expected);
  }
  return parseStored(file, text, schema, expected);
}

export function unread(file: string, cause: unknown, { hint }: Expected): UsageError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new UsageError(`${file}: ${missing ? 'there is no such file' : messageOf(cause)}`, { cause, hint });
}

/** The first few, as `results[3].verdict: Invalid input: expected string, received undefined`. */
export function misfits({ issues }: ZodError): string {
  const shown = issues.slice(0, 3).map((issue) => `${place(issue.path)}: ${issue.message}`);
  const more = issues.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** `results[3].figures[0].unit` */
function place(path: PropertyKey[]): string {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the whole file' : text;
}

import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { LabFileError, messageOf, UsageError } from '../../util/errors.ts';
import type { LabSpec } from '../spec.ts';
import { explainIssues } from './explain.ts';
import { resolveLab } from './resolve.ts';
import { labFile } from './schema.ts';
import { readYaml } from './source.ts';

/** A lab file is kilobytes; this is far beyond any and far below what would hurt. */
const largestBytes = 4 * 2 ** 20;

/**
 * @throws {LabFileError} when the file is no lab, with file:line:column of what is wrong.
 * @throws {UsageError} when there is no such file, or it cannot be read.
 */
export async function readLab(path: string): Promise<{ file: string; text: string; spec: LabSpec }> {
  const text = await readText(path);
  return { file: path, text, spec: parseLab(text, path) };
}

/**
 * The lab that this text describes, with every default filled in.
 * @param file for messages, and for the name of a lab that gives none.
 * @throws {LabFileError}
 */
export function parseLab(text: string, file: string): LabSpec {
  const { value, problems } = readYaml(text, file);
  const raw = labFile.safeParse(value);
  if (!raw.success) explainIssues(raw.error.issues, value, problems);
  problems.throwIfAny();
  if (!raw.success) throw raw.error;
  return resolveLab(raw.data, { name: nameFromFile(file), folder: dirname(file) }, problems);
}

/** @throws {UsageError} when there is no such file, it cannot be read, or it is a folder. */
export async function readText(path: string, kind = 'lab'): Promise<string> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new UsageError(`${path} is a folder; expected a ${kind} file.`);
    if (info.size > largestBytes)
      throw new LabFileError(`${path}:1:1`, `larger than 4 MiB: this is not a ${kind} file`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError || error instanceof LabFileError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? `there is no file ${path}.` : `cannot read ${path}: ${messageOf(error)}`, {
      hint: `Give the path of a ${kind} file, or the name of a ready-made ${kind} such as default.`,
      cause: error,
    });
  }
}

function nameFromFile(file: string): string {
  const base = basename(file)
    .replace(/\.ya?ml$/i, '')
    .toLowerCase();
  return (
    base
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'lab'
  );
}

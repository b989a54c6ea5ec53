import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunLine } from '../model/history.ts';
import type { RunRecord } from '../model/record.ts';
import { indexForm } from '../model/schema/state.ts';
import type { IndexEntry } from '../model/state.ts';
import { messageOf, UsageError } from '../util/errors.ts';
import { sweepDrafts, writeDurably } from './durable.ts';
import { appendToIndex, readIndex, writeIndex } from './index-file.ts';
import { lineFrom, lineOf } from './line.ts';

/**
 * A history is a folder: `runs/ID.json`, the record of each run as in run.json, and `index.ndjson`, a line for each, which
 * may be lost or wrong at any time and is rebuilt from the records.
 */
export interface History {
  dir: string;
  /** The oldest first. */
  runs: HistoryRun[];
  /** Files among the records that are none; nothing else is lost by them. */
  unreadable: { file: string; why: string }[];
  /** How many records had to be read since the index did not know them. */
  reread: number;
}

export interface HistoryRun extends RunLine {
  /** Path of its record. */
  file: string;
}

const runsOf = (dir: string): string => join(dir, 'runs');
const indexOf = (dir: string): string => join(dir, 'index.ndjson');

/**
 * Adds the record of a run. A crash at any moment leaves the history with it or without it, and readable.
 * @param dir an existing folder
 * @returns the path of the record
 * @throws {UsageError} where the folder is missing, or has this run already
 */
export async function appendRun(dir: string, record: RunRecord): Promise<string> {
  await mkdir(runsOf(dir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw missing(dir, error);
    if (error.code !== 'EEXIST') throw error;
  });
  for (const folder of [dir, runsOf(dir)]) await sweepDrafts(folder);
  const path = join(runsOf(dir), fileOf(record));
  if (await stat(path).catch(() => undefined))
    throw new UsageError(`the history ${dir} already has run ${record.id}`, { hint: `It is ${path}.` });
  return put(dir, record);
}

/**
 * Puts the record of a run in the place of the one that the history has of it, as when the gate has judged it. A crash
 * at any moment leaves the one or the other.
 * @returns the path of the record
 */
export async function replaceRun(dir: string, record: RunRecord): Promise<string> {
  await stat(join(runsOf(dir), fileOf(record)));
  return put(dir, record);
}

const fileOf = ({ id }: RunRecord): string => `${encodeURIComponent(id)}.json`;

async function put(dir: string, record: RunRecord): Promise<string> {
  const file = fileOf(record);
  const path = join(runsOf(dir), file);
  await writeDurably(path, `${JSON.stringify(record)}\n`);
  const { size, mtimeMs } = await stat(path);
  await appendToIndex(indexOf(dir), { form: indexForm, file, bytes: size, mtimeMs, run: lineOf(record) });
  return path;
}

/**
 * Opens a history; 1,000 runs take well under a second where the index knows them.
 * @throws {UsageError} where there is no such folder
 */
export async function openHistory(dir: string): Promise<History> {
  await stat(dir).catch((error) => {
    throw missing(dir, error);
  });
  const known = await readIndex(indexOf(dir));
  let reread = 0;
  const entries: IndexEntry[] = [];
  for (const found of await recordsIn(runsOf(dir))) {
    const entry = known.get(found.file);
    const fresh = entry?.bytes === found.bytes && entry.mtimeMs === found.mtimeMs;
    if (!fresh) reread += 1;
    entries.push(fresh ? entry : await readAnew(runsOf(dir), found));
  }
  if (reread > 0 || known.size !== entries.length) await writeIndex(indexOf(dir), entries);
  return {
    dir,
    runs: entries
      .flatMap(({ file, run }) => (run ? [{ ...run, file: join(runsOf(dir), file) }] : []))
      .sort((a, b) => byTime(a, b)),
    unreadable: entries.flatMap(({ file, unreadable }) =>
      unreadable === undefined ? [] : [{ file: join(runsOf(dir), file), why: unreadable }],
    ),
    reread,
  };
}

const byTime = (a: RunLine, b: RunLine): number =>
  Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1);

type Found = Pick<IndexEntry, 'file' | 'bytes' | 'mtimeMs'>;

async function recordsIn(folder: string): Promise<Found[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const records = names.filter((name) => name.endsWith('.json'));
  return Promise.all(
    records.map(async (file) => {
      const { size, mtimeMs } = await stat(join(folder, file));
      return { file, bytes: size, mtimeMs };
    }),
  );
}

async function readAnew(folder: string, found: Found): Promise<IndexEntry> {
  try {
    return {
      form: indexForm,
      ...found,
      run: lineFrom(await readFile(join(folder, found.file), 'utf8'), found.file),
    };
  } catch (error) {
    return { form: indexForm, ...found, unreadable: messageOf(error) };
  }
}

const missing = (dir: string, cause: unknown): UsageError =>
  new UsageError(`there is no history ${dir}`, { cause, hint: 'Start one with drlab run --history DIR.' });

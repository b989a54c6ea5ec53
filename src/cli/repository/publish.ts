import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { EvidenceRef } from '../../model/record.ts';
import { readComparison, readExploration, readMatrix, readRecord } from '../../model/stored/record.ts';
import {
  replayName,
  writeComparison,
  writeExploration,
  writeMatrix,
  writeReports,
} from '../../report/index.ts';
import { UsageError } from '../../util/errors.ts';
import { exists } from '../../util/exists.ts';

/**
 * Copies what a reader opens: the record, the reports drawn from it, and the evidence of a few checks. Other evidence is
 * named in the reports without a link, so that none leads nowhere.
 * @param from the folder of a run, a comparison, an exploration or a matrix; `to` itself to draw it again
 * @param to replaced, once the new one is whole
 * @param keep IDs of checks whose evidence is copied, too
 * @throws {UsageError} where there is nothing to publish
 */
export async function publish(from: string, to: string, keep: readonly string[]): Promise<void> {
  const draft = `${to}.new`;
  await rm(draft, { recursive: true, force: true });
  try {
    await (await copyOf(from))(from, draft, keep);
    await rm(to, { recursive: true, force: true });
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

type Copy = (from: string, to: string, keep: readonly string[]) => Promise<void>;

/** By the record in the folder. */
const copies: Record<string, Copy> = {
  'run.json': copyRun,
  'matrix.json': copyMatrix,
  'comparison.json': async (from, to) => {
    await writeComparison(await readComparison(from), to);
  },
  'exploration.json': copyExploration,
};

async function copyOf(from: string): Promise<Copy> {
  for (const [file, copy] of Object.entries(copies)) if (await exists(join(from, file))) return copy;
  throw new UsageError(`${from} holds no ${Object.keys(copies).join(', ')}`, {
    hint: 'Give the folder of a run, a matrix, a comparison or an exploration.',
  });
}

async function copyRun(from: string, to: string, keep: readonly string[]): Promise<void> {
  const record = await readRecord(from);
  const kept = new Set(keep);
  const results = [];
  for (const result of record.results) {
    const evidence = [];
    for (const ref of result.evidence) evidence.push(await copyEvidence(from, to, ref, kept.has(result.id)));
    results.push({ ...result, evidence });
  }
  await writeReports({ ...record, results }, to);
  const again = record.gate?.confirming?.folder;
  if (again !== undefined && isBelow(again)) await copyRun(join(from, again), join(to, again), keep);
}

async function copyEvidence(
  from: string,
  to: string,
  { leftOut: _, ...ref }: EvidenceRef,
  wanted: boolean,
): Promise<EvidenceRef> {
  if (!wanted || !isBelow(ref.path) || !(await exists(join(from, ref.path))))
    return { ...ref, leftOut: true };
  await mkdir(dirname(join(to, ref.path)), { recursive: true });
  await copyFile(join(from, ref.path), join(to, ref.path));
  return ref;
}

const isBelow = (path: string): boolean => !isAbsolute(path) && !normalize(path).startsWith('..');

async function copyMatrix(from: string, to: string, keep: readonly string[]): Promise<void> {
  const record = await readMatrix(from);
  for (const { run } of record.places) if (run) await copyRun(join(from, run.dir), join(to, run.dir), keep);
  await writeMatrix(record, to);
}

async function copyExploration(from: string, to: string): Promise<void> {
  const record = await readExploration(from);
  await writeExploration(record, to);
  for (const name of record.shrunk.map(replayName))
    if (await exists(join(from, name))) await copyFile(join(from, name), join(to, name));
}

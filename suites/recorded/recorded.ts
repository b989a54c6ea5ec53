import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import stringify from 'json-stringify-pretty-compact';
import { applyPatch, createPatch, type Operation } from 'rfc6902';
import type { Check } from '../../src/model/check.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { asset } from '../../src/util/root.ts';

/**
 * What checks once observed in real labs, so that judges can be tried without any: one file for each check,
 * `suites/recorded/SUITE/ID.json`, with the lab in which it was seen and the drlab that saw it.
 */

/** One observation. */
export interface Recorded {
  /** `before` is the unbroken lab; every other name is a mutant of the check. */
  name: string;
  /** The lab in which it was made, and by which the check judges it. */
  spec: LabSpec;
  observation: unknown;
}

export interface Recording {
  /** What recorded it. */
  drlab: { version: string; commit?: string };
  cases: Recorded[];
}

/** As it lies on disk: mutants tell only how their lab differs. */
interface RecordingFile {
  check: string;
  drlab: Recording['drlab'];
  lab: LabSpec;
  before: unknown;
  mutants: Record<string, { lab: Operation[]; observation: unknown }>;
}

/** A longer text is not read as a diff by anybody; it is compressed. */
const longestText = 128 * 1024;

const pathOf = ({ id, suite }: Pick<Check, 'id' | 'suite'>, end = ''): string =>
  asset(`suites/recorded/${suite}/${id}.json${end}`);

/** Undefined where nothing has been recorded of the check. */
export function readRecording(check: Pick<Check, 'id' | 'suite'>): Recording | undefined {
  const plain = pathOf(check);
  const packed = pathOf(check, '.gz');
  const text = existsSync(plain)
    ? readFileSync(plain, 'utf8')
    : existsSync(packed)
      ? gunzipSync(readFileSync(packed)).toString()
      : undefined;
  if (text === undefined) return undefined;
  const { drlab, lab, before, mutants } = JSON.parse(text) as RecordingFile;
  const ofMutants = Object.entries(mutants).map(([name, one]): Recorded => {
    const changed = byName(structuredClone(lab));
    const failed = applyPatch(changed, one.lab).find((error) => error !== null);
    if (failed) throw new Error(`${plain}: mutants.${name}.lab does not fit the lab: ${failed.message}`);
    return { name, spec: inOrder(changed), observation: one.observation };
  });
  return { drlab, cases: [{ name: 'before', spec: lab, observation: before }, ...ofMutants] };
}

/** @throws where no such observation has been recorded. */
export function recordedCase(check: Pick<Check, 'id' | 'suite'>, name = 'before'): Recorded {
  const found = readRecording(check)?.cases.find((one) => one.name === name);
  if (!found) throw new Error(`${check.id}: nothing recorded of «${name}»; npm run record says how`);
  return found;
}

/** Replaces what is recorded of the check. @throws without an observation of the unbroken lab. */
export function writeRecording(check: Pick<Check, 'id' | 'suite'>, { drlab, cases }: Recording): void {
  const [before, ...mutants] = [...cases].sort((a, b) => rank(a) - rank(b));
  if (before?.name !== 'before') throw new Error(`${check.id}: no observation of the unbroken lab`);
  const file: RecordingFile = {
    check: check.id,
    drlab,
    lab: before.spec,
    before: before.observation,
    mutants: Object.fromEntries(
      mutants.map(({ name, spec, observation }) => [
        name,
        { lab: createPatch(byName(before.spec), byName(spec)), observation },
      ]),
    ),
  };
  const text = `${stringify(file, { maxLength: 120 })}\n`;
  const packed = text.length > longestText;
  mkdirSync(dirname(pathOf(check)), { recursive: true });
  writeFileSync(pathOf(check, packed ? '.gz' : ''), packed ? gzipSync(text, { level: 9 }) : text);
  rmSync(pathOf(check, packed ? '' : '.gz'), { force: true });
}

/** Hosts by their names, so that a lab without one of them does not differ in all that follow. */
type ByName = Omit<LabSpec, 'hosts'> & { hosts: Record<string, HostSpec>; order: string[] };

const byName = (spec: LabSpec): ByName => ({
  ...spec,
  hosts: Object.fromEntries(spec.hosts.map((host) => [host.name, host])),
  order: spec.hosts.map(({ name }) => name),
});

const inOrder = ({ hosts, order, ...spec }: ByName): LabSpec => ({
  ...spec,
  hosts: order.flatMap((name) => hosts[name] ?? []),
});

const rank = ({ name }: Recorded): number => (name === 'before' ? 0 : 1);

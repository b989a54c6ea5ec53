import { resolve } from 'node:path';
import { andList } from '../../util/words.ts';
import { driversThat, driverTraitsOf } from '../driver-traits.ts';
import { directorKinds } from '../kinds.ts';
import type { DirectorKind, DriverSpec, FilesSpec } from '../spec.ts';
import { calledFor, saidBy, starterNames, starterOf } from '../starters.ts';
import { didYouMean } from './nearest.ts';
import type { PlannedHost } from './plan.ts';
import { nameOf, type Path, type Problems } from './problems.ts';
import { treeAt } from './tree.ts';

export interface Around {
  /** Of the lab file. */
  folder: string;
  driver: DriverSpec;
  kind: DirectorKind;
}

/** The files that a host brings, and what is started on them. */
export function resolveFiles(host: PlannedHost, around: Around, problems: Problems): FilesSpec | undefined {
  const { files, start } = host;
  if (files === undefined) {
    if (start)
      problems.add(
        [...host.path, 'start'],
        `«start» of ${host.name} has nothing to read; write «files», too.`,
        'key',
      );
    return undefined;
  }
  const at = [...host.path, 'files'];
  const { existingHosts } = driverTraitsOf(around);
  if (existingHosts !== undefined) {
    const others = andList(driversThat((traits) => traits.existingHosts === undefined));
    problems.add(
      at,
      `«files» is for hosts that drlab makes (${others}): ${existingHosts} keep their own.`,
      'key',
    );
    return undefined;
  }
  const from = resolve(around.folder, files);
  const tree = treeAt(from, files.replace(/\/+$/, ''));
  if ('wrong' in tree) {
    problems.add(at, tree.wrong);
    return undefined;
  }
  const steps = start ?? calledFor(tree.paths);
  checkSteps(steps, host, problems);
  checkKind(steps, host, around.kind, problems);
  const says = saidBy(steps);
  if (host.role === 'director' && directsBy(around.kind, steps) && !says.includes('directing'))
    says.push('directing');
  return { from, place: placeOf(host.path), paths: tree.paths, start: steps, says };
}

/** Filters of a kind that directs by them. */
const directsBy = (kind: DirectorKind, steps: readonly string[]): boolean =>
  steps.some((step) => starterOf(step)?.filters && step === kind);

function checkSteps(steps: readonly string[], { path, files }: PlannedHost, problems: Problems): void {
  for (const [index, step] of steps.entries()) {
    if (starterOf(step) || !/^[\w-]+$/.test(step)) continue;
    const known = didYouMean(step, starterNames) || ` Known: ${starterNames.join(', ')}.`;
    const where = [...path, 'start', index];
    problems.add(
      where,
      `«${step}» is nothing that drlab starts on ${files}.${known} A program of that name is a line of shell with its path.`,
    );
  }
}

/** Files of keepalived in a lab that is set up as something else would be judged as that. */
function checkKind(
  steps: readonly string[],
  host: PlannedHost,
  kind: DirectorKind,
  problems: Problems,
): void {
  const kinds = directorKinds.filter((one) => steps.includes(one));
  const [first] = kinds;
  if (host.role !== 'director' || first === undefined || kinds.includes(kind)) return;
  problems.add(
    [...host.path, 'files'],
    `${nameOf(['files'])} of ${host.name} starts ${andList(kinds)}, and the directors are written as ${kind}; write «with: ${kinds.at(-1)}».`,
  );
}

/** `realServers[0]` */
const placeOf = (path: Path): string =>
  path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');

import { randomInt } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { clientBehindRouter } from '../../../../suites/common/stages.ts';
import { comparedService } from '../../../../suites/workloads/servers.ts';
import type { Variant } from '../../../model/comparison.ts';
import { withoutFiles } from '../../../model/files.ts';
import type { SandboxName } from '../../../model/kinds.ts';
import { findLab, readLab } from '../../../model/labfile/index.ts';
import type { DirectorKind, LabSpec } from '../../../model/spec.ts';
import type { BegunComparison } from '../../../model/state.ts';
import {
  directorVariants,
  type Forwarding,
  forwardVariants,
  kernelVariants,
  labVariants,
  reducedFor,
  schedulerVariants,
} from '../../../run/compare/variants.ts';
import { NotInLab, UsageError } from '../../../util/errors.ts';
import { newRunId, ownVersion } from '../context.ts';
import { shownPath } from '../measure.ts';

export interface CompareOptions {
  schedulers?: string[];
  forward?: Forwarding[];
  directors?: DirectorKind[];
  kernels?: string[];
  labs?: string[];
  workload: string[];
  base?: string;
  budget?: number;
  blocks?: number;
  trial?: number;
  seed?: number;
  lab: string;
  sandbox: SandboxName;
  kernel?: string;
  out?: string;
  resume?: string;
  json?: boolean;
  quiet?: boolean;
}

interface Compared {
  variants: Variant[];
  lab: BegunComparison['lab'];
  changes: string[];
  keepWeights: boolean;
}

/**
 * What the command line asks for. Reads every lab file before anything runs.
 * @throws {LabFileError} when one of them is wrong; {UsageError}.
 */
export async function beginComparison(options: CompareOptions): Promise<BegunComparison> {
  const compared = await comparedBy(options).catch((error) => {
    if (error instanceof NotInLab) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  const { variants, lab, changes, keepWeights } = compared;
  if (variants.length < 2)
    throw new UsageError(`there is only ${variants[0]?.name ?? 'nothing'}, and a comparison needs two`);
  const base = options.base ?? variants[0]?.name ?? '';
  if (!variants.some(({ name }) => name === base))
    throw new UsageError(`the base ${base} is not among ${variants.map(({ name }) => name).join(', ')}`);
  const { blocks, budget, trial, seed = randomInt(2 ** 32), workload, sandbox, kernel } = options;
  if (blocks !== undefined && budget !== undefined)
    throw new UsageError('--blocks and --budget both determine the number of blocks; give one of them');
  return {
    id: newRunId('compare'),
    commandLine: [
      'drlab',
      ...process.argv.slice(2).map((word) => (isAbsolute(word) ? shownPath(word) : word)),
    ].join(' '),
    startedAt: new Date().toISOString(),
    drlab: await ownVersion(),
    lab,
    sandbox,
    ...(kernel !== undefined && { kernel }),
    variants,
    workloads: workload,
    keepWeights,
    wanted: {
      seed,
      base,
      changes,
      ...(blocks !== undefined && { blocks }),
      ...(budget !== undefined && { budgetMs: budget }),
      ...(trial !== undefined && { trialMs: trial }),
    },
  };
}

async function comparedBy(options: CompareOptions): Promise<Compared> {
  const { schedulers, forward, directors, kernels, labs } = options;
  const given = [schedulers, forward, directors, kernels, labs].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new UsageError(
      given.length === 0
        ? 'nothing to compare was given'
        : 'one thing is compared at a time: otherwise the cause of a difference is unknown',
      { hint: 'such as: drlab compare --schedulers rr,wrr,lc,wlc,sh,mh --workload slow-server --budget 8m' },
    );
  if (kernels && options.kernel !== undefined)
    throw new UsageError('--kernels and --kernel both name kernels; give one of them');
  const read = async (name: string) => {
    const { file, text, spec } = await readLab(await findLab(name));
    return { file: shownPath(file), text, spec };
  };
  if (labs) {
    const all = await Promise.all(labs.map(read));
    const [first] = all;
    if (!first) throw new UsageError('--labs names no lab');
    const variants = labVariants(all.map(({ file, spec }) => ({ file, spec: oneService(spec).spec })));
    return { variants, lab: first, changes: ['only the first TCP service of each lab'], keepWeights: true };
  }
  const lab = await read(options.lab);
  const reduced = oneService(lab.spec, directors !== undefined);
  if (kernels)
    return {
      ...{ lab, changes: reduced.changes, keepWeights: false },
      variants: kernelVariants(reduced.spec, kernels),
    };
  // Files would say the same for each variant.
  const spec = withoutFiles(reduced.spec);
  const changes = spec === reduced.spec ? reduced.changes : [...reduced.changes, 'hosts without their files'];
  const known = { lab, changes, keepWeights: false };
  if (schedulers) return { ...known, variants: schedulerVariants(spec, schedulers) };
  if (directors) return { ...known, variants: directorVariants(spec, directors) };
  const forwarded = forwardVariants(spec, forward ?? [], clientBehindRouter);
  return { ...known, variants: forwarded.variants, changes: [...changes, ...forwarded.changes] };
}

const oneService = (spec: LabSpec, keepDirectors = true) =>
  reducedFor(spec, comparedService(spec), keepDirectors);

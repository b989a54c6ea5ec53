import { z } from 'zod';
import { sandboxNames } from '../kinds.ts';
import { comparisonPlanSchema, comparisonSchema, variantSchema } from './comparison.ts';
import { fidelitySchema, instant } from './envelope.ts';
import { runLineSchema } from './history.ts';
import { machineSpecSchema, roleSchema } from './host.ts';
import { labSpecSchema } from './lab.ts';

/** What drlab keeps for itself between its runs, apart from records. */

export const wantedPlanSchema = z
  .object({
    seed: z.number(),
    base: z.string(),
    changes: z.array(z.string()),
    blocks: z.number().optional(),
    budgetMs: z.number().optional(),
    trialMs: z.number().optional(),
  })
  .describe('what the command line says of the plan');

const { id, commandLine, startedAt, drlab, lab } = comparisonSchema.shape;

export const begunComparisonSchema = z
  .object({
    id,
    commandLine,
    startedAt,
    drlab,
    lab,
    sandbox: z.enum(sandboxNames),
    kernel: z.string().optional(),
    variants: z.array(variantSchema),
    workloads: z.array(z.string()).describe('IDs'),
    keepWeights: z.boolean().describe('the weights of the lab files are part of what is compared'),
    wanted: wantedPlanSchema,
    plan: comparisonPlanSchema
      .exactOptional()
      .describe('missing until it is fixed; nothing has been measured then'),
    heard: z
      .object({
        kernel: z.string().optional(),
        fidelities: z.array(z.tuple([z.string(), fidelitySchema])),
      })
      .exactOptional()
      .describe('what the sandboxes of the calibration said of themselves'),
  })
  .describe('what a comparison was begun with, kept so that it can go on with exactly that');

export const processIdSchema = z
  .object({ pid: z.number(), startTicks: z.string() })
  .describe('with the start time, so that a number used again is not mistaken for the process');

export const standingLabSchema = z
  .object({
    name: z.string(),
    file: z.string(),
    keeper: processIdSchema.describe("keeps the lab's sandbox open; the sandbox ends with it"),
    sandbox: processIdSchema.describe("first process of the sandbox, whose namespaces are the lab's"),
    hosts: z.array(z.object({ name: z.string(), role: roleSchema, ip: z.string() })),
    since: instant,
  })
  .describe('a lab that stays up between commands');

export const holdOrderSchema = z
  .object({ file: z.string(), spec: labSpecSchema })
  .describe('the lab that a keeper is to keep up');

export const wayBackSchema = z
  .object({ host: z.string(), machine: machineSpecSchema, knownHosts: z.string() })
  .describe(
    'what a sweep needs to find a machine again when the lab file is gone; no secrets, only their names',
  );

export const kvmTrialSchema = z
  .object({ works: z.boolean(), why: z.string(), at: instant })
  .describe('what became of a boot under KVM');

/** Raise it when a line means something else than before; older lines are then read again from the records. */
export const indexForm = 3;

export const indexEntrySchema = z
  .object({
    form: z.literal(indexForm),
    file: z.string().describe('name within runs'),
    bytes: z.number(),
    mtimeMs: z.number(),
    run: runLineSchema.exactOptional(),
    unreadable: z.string().exactOptional().describe('instead of run: why it is none'),
  })
  .describe('a line of the index of a history: what is known of one record while it has this size and time');

import { z } from 'zod';
import { directorKinds, driverKinds, sandboxNames } from '../kinds.ts';
import { matrixVersion } from '../versions.ts';
import { envelope, fidelitySchema, instant } from './envelope.ts';
import { checkSummary, unsettledLabsSchema, verdictSchema } from './record.ts';

/** The published form of `matrix.json`. Fields that it does not know are allowed: they are additions. */

const driver = z.enum(driverKinds);
const sandbox = z.enum(sandboxNames);
const director = z.enum(directorKinds);

export const placeSchema = z
  .object({
    name: z.string().describe('unique within a matrix'),
    driver: driver.exactOptional(),
    sandbox,
    kernel: z.string().exactOptional().describe('for the qemu sandbox: a release, or the path of a bzImage'),
    director: director.exactOptional(),
    lab: z
      .string()
      .exactOptional()
      .describe('a lab file of its own: a path, or the name of a ready-made lab'),
  })
  .describe('where a lab is built and what directs there; what is absent is as the lab file says');

export const matrixCheckSchema = z
  .object(checkSummary)
  .describe('a check as a row; what it says is in the columns');

export const cellSchema = z
  .object({
    id: z.string(),
    verdict: verdictSchema,
    seen: z.string().exactOptional(),
    reason: z.string().exactOptional().describe('for unsupported, skipped, inconclusive and broken: why'),
    cause: z.string().exactOptional(),
    durationMs: z.number(),
    report: z
      .string()
      .exactOptional()
      .describe("the check in the place's report, relative to this file; absent where no run was"),
  })
  .describe('one check in one place');

export const matrixRunSchema = z
  .object({
    id: z.string(),
    dir: z.string().describe('its folder, relative to this file'),
    startedAt: instant,
    exitCode: z.number(),
    fidelity: fidelitySchema,
    faults: envelope.faults,
    unsettled: unsettledLabsSchema.exactOptional(),
  })
  .describe('the run of a place: a whole run, which can be looked at by itself');

export const placeColumnSchema = z.object({
  place: placeSchema,
  state: z
    .enum(['done', 'unavailable', 'interrupted', 'waiting'])
    .describe(
      'done: its run ended; unavailable: there is no such place here, so every check is unsupported; interrupted: its run was ended early, and what it had done is kept; waiting: not begun yet',
    ),
  driver: driver.describe('as it came out, or as it was asked for where nothing came of it'),
  sandbox,
  director,
  kernel: z
    .string()
    .exactOptional()
    .describe('release of the kernel under the lab, or the one that was asked for'),
  lab: z.number().describe('index into labs'),
  reason: z.string().exactOptional().describe('why it is unavailable'),
  hint: z.string().exactOptional().describe('what can be done about it'),
  tookMs: z.number(),
  run: matrixRunSchema.exactOptional(),
  cells: z.array(cellSchema).describe('one for each check that has a verdict here'),
});

export const matrixRecordSchema = z.object({
  version: z.literal(matrixVersion),
  id: z.string(),
  commandLine: z.string(),
  startedAt: instant,
  finishedAt: instant.describe('when the last place ended; ISO 8601, UTC'),
  drlab: envelope.drlab,
  labs: z
    .array(z.object({ file: z.string(), text: z.string() }))
    .describe('lab files as they were read, so that a matrix goes on with what it began with'),
  checks: z.array(matrixCheckSchema),
  places: z.array(placeColumnSchema),
  exitCode: z.number(),
});

/** JSON Schema of `matrix.json`, published as docs/matrix.schema.json. */
export function matrixJsonSchema(): object {
  return {
    title: 'drlab matrix record',
    description: 'matrix.json: the same checks over several places, and what they said in each.',
    ...z.toJSONSchema(matrixRecordSchema, { io: 'input' }),
  };
}

import { z } from 'zod';
import { type MatrixRecord, matrixVersion } from '../../model/matrix.ts';
import { runRecordSchema } from '../schema/record.ts';
import type { Same } from '../schema/same.ts';

/** The published form of `matrix.json`. Fields that it does not know are allowed: they are additions. */

const run = runRecordSchema.shape;
const result = run.results.element.shape;
const sandbox = z.enum(['auto', 'none', 'host', 'uml', 'qemu']);
const driver = z.enum(['netns', 'docker', 'ssh']);
const director = z.enum(['ipvsadm', 'keepalived', 'nftables', 'ldirectord', 'heartbeat']);

const check = z.object({
  id: result.id,
  suite: result.suite,
  level: result.level,
  title: result.title,
  requirement: result.requirement,
});

const cell = z.object({
  id: z.string(),
  verdict: result.verdict,
  seen: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  cause: z.string().exactOptional(),
  durationMs: z.number(),
  report: z.string().exactOptional().describe("the check in the place's report, relative to this file"),
});

const column = z.object({
  place: z.object({
    name: z.string(),
    driver: driver.exactOptional(),
    sandbox,
    kernel: z.string().exactOptional(),
    director: director.exactOptional(),
    lab: z.string().exactOptional(),
  }),
  state: z.enum(['done', 'unavailable', 'interrupted', 'waiting']),
  driver,
  sandbox,
  director,
  kernel: z.string().exactOptional(),
  lab: z.number().describe('index into labs'),
  reason: z.string().exactOptional(),
  hint: z.string().exactOptional(),
  tookMs: z.number(),
  run: z
    .object({
      id: z.string(),
      dir: z.string().describe('relative to this file'),
      startedAt: run.startedAt,
      exitCode: z.number(),
      fidelity: run.fidelity,
      faults: run.faults,
    })
    .exactOptional(),
  cells: z.array(cell),
});

export const matrixRecordSchema = z.object({
  version: z.literal(matrixVersion),
  id: z.string(),
  commandLine: z.string(),
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  drlab: run.drlab,
  labs: z.array(z.object({ file: z.string(), text: z.string() })),
  checks: z.array(check),
  places: z.array(column),
  exitCode: z.number(),
});

true satisfies Same<z.infer<typeof matrixRecordSchema>, MatrixRecord>;

/** JSON Schema of `matrix.json`, published as docs/matrix.schema.json. */
export function matrixJsonSchema(): object {
  return {
    title: 'drlab matrix record',
    description: 'matrix.json: the same checks over several places, and what they said in each.',
    ...z.toJSONSchema(matrixRecordSchema, { io: 'input' }),
  };
}

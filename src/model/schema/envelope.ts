import { z } from 'zod';
import { sandboxKinds } from '../kinds.ts';
import { labSpecSchema } from './lab.ts';

/** What every record says, whatever was done. */

export const instant = z.string().describe('ISO 8601, UTC');

const sandbox = z
  .enum(sandboxKinds)
  .describe("where a lab's kernel is; none: no sandbox of ours, the driver's machines themselves");

export const fidelitySchema = z
  .object({
    sandbox,
    time: z.enum(['real', 'virtual']),
    cpus: z.number(),
    network: z.string().describe('such as veth, offloads on'),
  })
  .describe('label on every figure: runs with different labels are never put on one axis');

/** By program. */
export const versionsSchema = z
  .record(z.string(), z.string())
  .describe('kernel release inside the sandbox, and versions of the tools that matter');

export const sandboxTrialSchema = z.object({
  sandbox,
  taken: z.boolean(),
  why: z.string().describe('why it was taken, or why not'),
});

export const envelope = {
  id: z.string(),
  commandLine: z.string(),
  startedAt: instant,
  finishedAt: instant,
  durationMs: z.number(),
  drlab: z.object({ version: z.string(), commit: z.string().exactOptional() }),
  machine: z.object({
    hostname: z.string(),
    kernel: z.string(),
    cpuModel: z.string(),
    cpus: z.number(),
    memoryBytes: z.number(),
    os: z.string(),
  }),
  lab: z.object({ file: z.string(), text: z.string(), spec: labSpecSchema }),
  sandboxTrials: z.array(sandboxTrialSchema),
  faults: z
    .array(z.object({ message: z.string(), hint: z.string().exactOptional() }))
    .describe('problems as a whole, such as a guest that hung'),
  exitCode: z.number(),
};

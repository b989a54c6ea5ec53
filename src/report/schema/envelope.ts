import { z } from 'zod';
import { labSpecSchema } from './lab.ts';

/** What every record says, whatever was done. */

export const instant = z.string().describe('ISO 8601, UTC');

const sandbox = z.enum(['none', 'host', 'uml', 'qemu']);

export const fidelitySchema = z.object({
  sandbox,
  time: z.enum(['real', 'virtual']),
  cpus: z.number(),
  network: z.string(),
});

/** By program. */
export const versionsSchema = z.record(z.string(), z.string());

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
  sandboxTrials: z.array(z.object({ sandbox, taken: z.boolean(), why: z.string() })),
  faults: z.array(z.object({ message: z.string(), hint: z.string().exactOptional() })),
  exitCode: z.number(),
};

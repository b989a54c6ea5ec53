import type { z } from 'zod';
import type { fidelitySchema, sandboxTrialSchema } from './schema/envelope.ts';
import type {
  becauseSchema,
  checkResultSchema,
  evidenceRefSchema,
  hostProvenanceSchema,
  mutantResultSchema,
  randomFaultResultSchema,
  randomFaultsSchema,
  runRecordSchema,
  unsettledLabSchema,
} from './schema/record.ts';

export type { SandboxKind } from './kinds.ts';

/** `run.json`; schema/record.ts says what each field means. */

export type Fidelity = z.infer<typeof fidelitySchema>;
export type EvidenceRef = z.infer<typeof evidenceRefSchema>;
export type Because = z.infer<typeof becauseSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type HostProvenance = z.infer<typeof hostProvenanceSchema>;
export type SandboxTrial = z.infer<typeof sandboxTrialSchema>;
export type MutantResult = z.infer<typeof mutantResultSchema>;
export type RandomFaultResult = z.infer<typeof randomFaultResultSchema>;
export type RandomFaults = z.infer<typeof randomFaultsSchema>;
export type UnsettledLab = z.infer<typeof unsettledLabSchema>;
export type RunRecord = z.infer<typeof runRecordSchema>;

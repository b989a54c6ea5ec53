import type { z } from 'zod';
import type {
  announceSchema,
  directorSpecSchema,
  garpSchema,
  healthCheckSchema,
  heartbeatSchema,
  quorumSchema,
  syncSchema,
  timeoutsSchema,
  trackInterfaceSchema,
  trackScriptSchema,
  vrrpInstanceSchema,
  vrrpSchema,
} from './schema/director.ts';

export type { DirectorKind } from './kinds.ts';

/** What directs the lab, and how; schema/director.ts says what each field means. */

export type AnnounceSpec = z.infer<typeof announceSchema>;
export type DirectorSpec = z.infer<typeof directorSpecSchema>;
export type GarpSpec = z.infer<typeof garpSchema>;
export type HealthCheckSpec = z.infer<typeof healthCheckSchema>;
export type HeartbeatSpec = z.infer<typeof heartbeatSchema>;
export type QuorumSpec = z.infer<typeof quorumSchema>;
export type SyncSpec = z.infer<typeof syncSchema>;
export type TimeoutsSpec = z.infer<typeof timeoutsSchema>;
export type TrackInterfaceSpec = z.infer<typeof trackInterfaceSchema>;
export type TrackScriptSpec = z.infer<typeof trackScriptSchema>;
export type VrrpInstanceSpec = z.infer<typeof vrrpInstanceSchema>;
export type VrrpSpec = z.infer<typeof vrrpSchema>;

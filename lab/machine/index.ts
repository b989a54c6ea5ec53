export { machineFacts } from './facts.ts';
export type { Finding } from './finding.ts';
export { guestMemoryMiB } from './guest.ts';
export { inspectMachine } from './inspect.ts';
export { toolVersions } from './versions.ts';

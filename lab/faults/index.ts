/** What can be broken in a lab, and fixed again. */
export { LabFaults } from './faults.ts';
export { noFaults } from './none.ts';
export type { LabHost, Links, Parts, Services, Works } from './parts.ts';

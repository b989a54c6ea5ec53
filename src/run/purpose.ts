import { join } from 'node:path';
import type { Case, Purpose } from '../model/job.ts';

/** What a purpose is called; nobody reads it back from the name. */

/** In events, records and what is shown: `run`, `run@routed`, `before`, `ARP-01/arp-ignore-off`, `after`. */
export const purposeName = (purpose: Purpose): string => {
  if (purpose.kind === 'mutant') return `${purpose.check}/${purpose.mutant}`;
  return purpose.group === undefined ? purpose.when : `${purpose.when}@${purpose.group}`;
};

export const caseName = ({ purpose }: Case): string => purposeName(purpose);

/** Below `evidence/`: `ARP-01`, `before@routed/PP-01`, `ARP-01-arp-ignore-off/ARP-01`. */
export const evidenceFolder = (purpose: Purpose, checkId: string): string =>
  purpose.kind === 'unbroken' && purpose.when === 'run'
    ? checkId
    : join(purposeName(purpose).replace('/', '-'), checkId);

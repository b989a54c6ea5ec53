import type { Job } from '../job.ts';
import { jobSchema } from '../schema/job.ts';
import { readStored } from './file.ts';

/** @throws {UsageError} naming the place in it that does not fit. */
export const readJob = (path: string): Job =>
  readStored(path, jobSchema, {
    hint: 'drlab writes it for the inside of a sandbox, and removes it afterwards.',
  });

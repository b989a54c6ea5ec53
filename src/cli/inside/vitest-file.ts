import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLab, provenance } from '../../../lab/drivers.ts';
import { checks } from '../../../suites/index.ts';
import type { Job } from '../../model/job.ts';
import { defineCases } from '../../run/define.ts';
import { emitter } from '../../run/emit.ts';
import { fileOf } from '../shared/files.ts';

/** The file that vitest runs inside the sandbox: declares the cases of the job. */
// inside.ts has read it a moment ago and made sure of its form; doing so again would load the schemas here, too.
const job = JSON.parse(readFileSync(process.env.DRLAB_JOB ?? '', 'utf8')) as Job;
if (job.kind !== 'checks') throw new Error(`a worker cannot do a job of kind ${job.kind}`);
const emit = emitter(join(job.outDir, fileOf('events', job.worker)));
defineCases(job.cases, { checks, buildLab, provenance, runDir: job.outDir, emit });

/** The program on a client host: one process for all probes of a lab, since starting one takes a second there. */
import { createInterface } from 'node:readline';
import { serve } from './serve.ts';

await serve(createInterface({ input: process.stdin }), (line) => process.stdout.write(line));
// Open connections would keep it alive after the harness has gone.
process.exit(0);

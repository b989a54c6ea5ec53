import { z } from 'zod';

const lead = z
  .string()
  .exactOptional()
  .describe('how it follows from the step before: or; to tell them apart');

/** A command for a host, to be pasted as it is, or advice where no command of one host does it. */
export const remedyStepSchema = z.union([
  z.object({
    on: z.string().describe('the host where the command runs'),
    run: z.string().describe('the command, as it is'),
    lead,
  }),
  z.object({ advice: z.string().describe('what to do, in words'), lead }),
]);

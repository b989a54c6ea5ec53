import { z } from 'zod';
import { directorKinds, driverKinds, sandboxNames } from '../kinds.ts';
import { listOf, mapping, oneOf } from '../labfile/schema-parts.ts';
import { placeForm } from './place.ts';

const labError = 'the path of a lab file, or the name of a ready-made lab';
const lab = () => z.string({ error: labError }).min(1, { error: labError });

const nameError =
  'a name of at most 48 letters, digits, spaces and ./:+_- that begins with a letter or digit';
// A number would lose the zero of 6.10.
const kernelError = "a release in quotes, such as '6.12', or the path of a bzImage";
const checkError = 'a suite, an ID or a prefix, such as arp or ARP-01';

const place = () =>
  mapping({
    name: z
      .string({ error: nameError })
      .regex(/^[A-Za-z0-9][\w ./:+-]{0,47}$/, { error: nameError })
      .optional()
      .describe('Heading of the column; default: driver/sandbox/director, or its own lab.'),
    driver: oneOf(driverKinds).optional().describe('What hosts are made of; default: as in the lab file.'),
    sandbox: oneOf(sandboxNames).default('auto').describe('Where the lab is built.'),
    kernel: z
      .string({ error: kernelError })
      .min(1, { error: kernelError })
      .optional()
      .describe('Kernel of the sandbox qemu.'),
    director: oneOf(directorKinds).optional().describe('Kind of director; default: as in the lab file.'),
    lab: lab().optional().describe('A lab file of its own; relative to this file.'),
  });

const entryError = `a mapping, or ${placeForm}`;

/** A matrix file as its author may write it. */
export const matrixFile = mapping({
  lab: lab().default('default').describe('The lab of every place that has none of its own.'),
  checks: listOf(z.string({ error: checkError }).min(1, { error: checkError }), '[arp, PP-02]')
    .default([])
    .describe('Suites, IDs or prefixes; default: all checks.'),
  places: listOf(
    z.union([z.string({ error: entryError }), place()], { error: entryError }),
    '[netns/uml/ipvsadm]',
  )
    .min(1, { error: 'at least one place' })
    .describe('The columns of the matrix, in the order in which they are run.'),
}).describe('A matrix for drlab: the same checks in several places.');

export type RawPlace = z.output<ReturnType<typeof place>>;
export type RawMatrix = z.output<typeof matrixFile>;

/** JSON Schema (draft 7, which editors know best) of the matrix file. */
export function matrixFileJsonSchema(): object {
  const schema = z.toJSONSchema(matrixFile, { io: 'input', target: 'draft-7' });
  return { $id: 'matrix-file.schema.json', title: 'drlab matrix file', ...schema };
}

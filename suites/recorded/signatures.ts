import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signature } from '../../src/model/diagnosis.ts';

/** Which checks every mutant made fail, in a whole kill matrix: what failures of other labs are compared with. */

const fileIn = (root: string): string => join(root, 'suites', 'recorded', 'signatures.json');

/** @param root of the checkout; without the file nothing is known. */
export const readSignatures = (root: string): Signature[] =>
  existsSync(fileIn(root)) ? (JSON.parse(readFileSync(fileIn(root), 'utf8')) as Signature[]) : [];

/** One a line, so that a change of one mutant is one line of a diff. */
export function writeSignatures(root: string, signatures: readonly Signature[]): void {
  writeFileSync(fileIn(root), `[\n${signatures.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
}

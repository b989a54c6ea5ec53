import { LabFileError } from '../../util/errors.ts';
import { parseLab } from './index.ts';

/** For tests: the message for a lab file with a mistake. */

export const mistake = (text: string): LabFileError => mistakeIn(text, 'lab.yaml');

export function mistakeIn(text: string, file: string): LabFileError {
  try {
    parseLab(text, file);
  } catch (error) {
    if (error instanceof LabFileError) return error;
    throw error;
  }
  throw new Error('this lab file was accepted');
}

/** What is wrong, the file, where it says so (line:column), and what the message must say. */
export type Case = [what: string, text: string, at: string, says: RegExp];

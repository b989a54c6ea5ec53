import { type ComparisonRecord, comparisonVersion } from '../../model/comparison.ts';
import { parseKind } from '../read-record.ts';
import { comparisonSchema } from '../schema/comparison.ts';

/**
 * A comparison from the text of its `comparison.json`.
 * @param file named in errors
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export function readComparison(text: string, file = 'comparison.json'): ComparisonRecord {
  const data = parseKind(file, text, {
    file: 'comparison.json',
    version: comparisonVersion,
    schema: comparisonSchema,
    name: 'comparison',
    hint: 'Give the folder of a comparison, or the comparison.json in it.',
    described: 'docs/comparison.schema.json',
  });
  return data as ComparisonRecord;
}

import { type ExplorationRecord, explorationVersion } from '../../model/exploration.ts';
import { parseKind } from '../read-record.ts';
import { explorationSchema } from '../schema/exploration.ts';

/**
 * An exploration from the text of its `exploration.json`.
 * @param file named in errors
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export function readExploration(text: string, file = 'exploration.json'): ExplorationRecord {
  const data = parseKind(file, text, {
    file: 'exploration.json',
    version: explorationVersion,
    schema: explorationSchema,
    name: 'record of an exploration',
    hint: 'Give the folder of an exploration, or the exploration.json in it.',
    described: 'docs/exploration.schema.json',
  });
  return data as ExplorationRecord;
}

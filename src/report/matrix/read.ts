import { type MatrixRecord, matrixVersion } from '../../model/matrix.ts';
import { readKind } from '../read-record.ts';
import { matrixRecordSchema } from './schema.ts';

/**
 * Reads a matrix's record and makes sure that it is one.
 * @param path a matrix's folder, or its `matrix.json`
 * @throws {UsageError} naming the file, the place in it, and what was expected there
 */
export async function readMatrix(path: string): Promise<MatrixRecord> {
  const record = await readKind(path, {
    file: 'matrix.json',
    version: matrixVersion,
    schema: matrixRecordSchema,
    name: 'matrix',
    hint: 'Give the folder of a matrix, or the matrix.json in it.',
    described: 'docs/matrix.schema.json',
  });
  return record as MatrixRecord;
}

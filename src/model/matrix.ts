import type { z } from 'zod';
import type {
  cellSchema,
  matrixCheckSchema,
  matrixRecordSchema,
  matrixRunSchema,
  placeColumnSchema,
  placeSchema,
} from './schema/matrix.ts';

export type { DriverKind } from './kinds.ts';

/** The same checks over several places, and what they said in each; schema/matrix.ts says what each field means. */

export type Place = z.infer<typeof placeSchema>;
export type MatrixCheck = z.infer<typeof matrixCheckSchema>;
export type Cell = z.infer<typeof cellSchema>;
export type PlaceColumn = z.infer<typeof placeColumnSchema>;
export type PlaceState = PlaceColumn['state'];
export type MatrixRun = z.infer<typeof matrixRunSchema>;
export type MatrixRecord = z.infer<typeof matrixRecordSchema>;

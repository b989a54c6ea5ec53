import type { Remark } from '../place.ts';
import { Expander, type Options } from './expand.ts';
import { type Statement, Tree } from './tree.ts';

/** A file and what it includes, as keepalived reads it. */
export interface Configuration {
  path: string;
  /** All files that were read, this one first. */
  files: string[];
  statements: Statement[];
  /** In the order of the files and their lines. */
  remarks: Remark[];
}

export function readKeepalived(path: string, text: string, options: Options): Configuration {
  const expander = new Expander(options);
  const tree = new Tree(expander.file(path, text));
  const statements = tree.statements();
  const files = [...expander.read];
  const order = ({ place }: Remark): number =>
    files.indexOf(place.file) * 1e9 + place.line * 1e4 + place.column;
  const remarks = [...expander.remarks, ...tree.remarks].sort((a, b) => order(a) - order(b));
  return { path, files, statements, remarks };
}

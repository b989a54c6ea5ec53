import { LabFileError } from '../../util/errors.ts';

export type Path = readonly PropertyKey[];
export interface Position {
  line: number;
  column: number;
}

/** Where in the file a path leads: to the value, or to the key of it. */
export type Locate = (path: Path, at: 'key' | 'value') => Position;

const shown = 5;

/** Collects what is wrong with one lab file, so that its author sees it all at once. */
export class Problems {
  #found: (Position & { message: string })[] = [];
  constructor(
    readonly file: string,
    readonly locate: Locate,
  ) {}

  add(path: Path, message: string, at: 'key' | 'value' = 'value'): void {
    this.addAt(this.locate(path, at), message);
  }

  addAt(position: Position, message: string): void {
    this.#found.push({ ...position, message });
  }

  /** @throws {LabFileError} with the first few problems, in the order of the file. */
  throwIfAny(): void {
    const sorted = [...this.#found].sort((a, b) => a.line - b.line || a.column - b.column);
    const [first, ...others] = sorted;
    if (!first) return;
    const place = (position: Position) => `${this.file}:${position.line}:${position.column}`;
    const lines = others.slice(0, shown - 1).map((other) => `${place(other)}: ${other.message}`);
    if (sorted.length > shown) lines.push(`… and ${sorted.length - shown} more`);
    throw new LabFileError(place(first), [first.message, ...lines].join('\n'));
  }
}

/** `«port» of item 2 of «services»`. */
export function nameOf(path: Path, file = 'the lab file'): string {
  if (path.length === 0) return file;
  const last = path.at(-1);
  const own = typeof last === 'number' ? `item ${last + 1}` : `«${String(last)}»`;
  return path.length === 1 ? own : `${own} of ${nameOf(path.slice(0, -1), file)}`;
}

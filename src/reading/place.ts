/** Where something stands in a file of the user's: line and column count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** `file:line:column`, as editors understand it. */
export const shownPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** What a reader has to say of a file: `ignored` is what the program that the file is for would not take. */
export interface Remark {
  kind: 'ignored' | 'changed' | 'unknown' | 'syntax' | 'not read' | 'depends';
  place: Place;
  text: string;
}

/** A value and where it is set; what is set nowhere is the program's default. */
export interface Setting<T> {
  value: T;
  place?: Place;
}

/** How a reader gets at files. Paths are as the user gave them, or beside them. */
export interface Files {
  read(path: string): string | undefined;
  /** What a pattern with `*`, `?`, `[…]` and `{…}` matches, in order. */
  glob(pattern: string): string[];
}

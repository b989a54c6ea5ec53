/** How keepalived.conf is written: blocks in braces, times in seconds. */

/** A block, indented; one after another they make the file. */
export const block = (head: string, lines: string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `    ${line}`),
  '}',
];

/** A line where there is something to say. */
export const line = (keyword: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${keyword} ${value}`];

/** A keyword by itself. */
export const keyword = (word: string, said: boolean | undefined): string[] => (said ? [word] : []);

/** Timers of keepalived are seconds with decimals. */
export const seconds = (ms: number): string => String(ms / 1000);

/** A command line for a shell, as keepalived takes it; it has no quotes of its own. */
export const command = (text: string): string => `"/bin/sh -c '${text}'"`;

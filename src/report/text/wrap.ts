/** Breaks one line of words so that none is longer than `width`; words longer than that stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current === '') current = word;
    else if (current.length + 1 + word.length <= width) current += ` ${word}`;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current];
}

/** A name in a column of its own, its text beside it, further lines under the text. */
export function hanging(name: string, text: string, indent: number, column: number, width: number): string[] {
  const room = Math.max(20, width - indent - column);
  const lines = text.split('\n').flatMap((line) => wrap(line, room));
  return lines.map((line, index) =>
    `${' '.repeat(indent)}${(index === 0 ? name : '').padEnd(column)}${line}`.trimEnd(),
  );
}

/** One word for a POSIX shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

export const quoteAll = (words: string[]): string => words.map(quote).join(' ');

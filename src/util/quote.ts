/** One word for a POSIX shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command line of these words. */
export const quoteAll = (words: readonly string[]): string => words.map(quote).join(' ');

import { readFileSync } from 'node:fs';

/** Printed by the guest's first process. */
export const guestUp = 'drlab: guest is up';

const lines = (path: string): string[] => {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
};

export const isUp = (path: string): boolean => lines(path).includes(guestUp);

/** The last line that says something, or undefined. */
export const lastLine = (path: string): string | undefined =>
  lines(path).findLast((line) => line.trim() !== '');

/** Why the kernel gave up, in its words, or undefined. */
export const panicLine = (path: string): string | undefined =>
  lines(path)
    .findLast((line) => line.includes('Kernel panic'))
    ?.replace(/^.*?(?=Kernel panic)/, '');

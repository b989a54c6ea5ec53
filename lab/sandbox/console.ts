import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

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

/** Why the kernel gave up, in its words, and what the console said right before; undefined where it did not. */
export function panicReason(path: string): string | undefined {
  const all = lines(path).map((line) => stripVTControlCharacters(line).replace(timeStamp, '').trim());
  const at = all.findLastIndex((line) => line.startsWith(panic));
  if (at === -1) return undefined;
  const before = all
    .slice(all.lastIndexOf(guestUp, at) + 1, at)
    .filter((line) => line !== '' && !idle.test(line));
  return [all[at], ...(before.length > 0 ? [`before that: ${before.slice(-3).join(' | ')}`] : [])].join('; ');
}

const panic = 'Kernel panic';
const timeStamp = /^\[ *\d+\.\d+\] /;
/** Under each failed mount; the guest that it sends the reader to is gone. */
const idle = /^dmesg\(1\) may have more information/;

import { existsSync } from 'node:fs';
import { UsageError } from '../../util/errors.ts';
import { directorKinds, driverKinds, sandboxNames } from '../kinds.ts';
import { didYouMean } from '../labfile/nearest.ts';
import type { Place } from '../matrix.ts';

/** Places as they are written on a command line: `netns/uml/ipvsadm`, `netns/qemu:6.1/keepalived`. */

export const placeForm = 'driver/sandbox[:kernel]/director, such as netns/uml/ipvsadm';

/** @returns the place, or one sentence about what is wrong with it; `kernelProblem` looks at its kernel. */
export function placeFrom(text: string): Place | string {
  const first = text.indexOf('/');
  const last = text.lastIndexOf('/');
  if (first < 0 || first === last) return `«${text}» is not a place; expected ${placeForm}.`;
  // The path of a kernel has slashes, too.
  const middle = text.slice(first + 1, last);
  const colon = middle.indexOf(':');
  const [sandboxText, kernel] = colon < 0 ? [middle] : [middle.slice(0, colon), middle.slice(colon + 1)];
  const driver = one('driver', text.slice(0, first), driverKinds);
  const sandbox = one('sandbox', sandboxText, sandboxNames);
  const director = one('director', text.slice(last + 1), directorKinds);
  if (typeof driver !== 'object') return driver;
  if (typeof sandbox !== 'object') return sandbox;
  if (typeof director !== 'object') return director;
  const place = {
    name: text,
    driver: driver.value,
    sandbox: sandbox.value,
    director: director.value,
    ...(kernel !== undefined && { kernel }),
  };
  return place;
}

/** Releases are fetched if absent, and only then does it show whether one is available; a file exists or not. */
export const looksLikeRelease = (kernel: string): boolean => /^\d+\.\d+[\w.+~-]*$/.test(kernel);

/** Only one sandbox has kernels to choose from. @returns one sentence about what is wrong with the kernel. */
export function kernelProblem({ sandbox, kernel }: Pick<Place, 'sandbox' | 'kernel'>): string | undefined {
  if (kernel === undefined) return undefined;
  if (kernel === '') return 'a kernel is named after «:», such as qemu:6.1.';
  if (sandbox === 'qemu') {
    if (looksLikeRelease(kernel) || existsSync(kernel)) return undefined;
    const found = kernel.includes('/') ? `there is no file ${kernel}` : `«${kernel}» is not a kernel`;
    return `${found}; expected a release such as 6.12, or the path of a bzImage.`;
  }
  return `the sandbox ${sandbox} has no kernels to choose from; qemu has, as in qemu:${kernel}.`;
}

function one<T extends string>(what: string, text: string, known: readonly T[]): { value: T } | string {
  const value = known.find((candidate) => candidate === text);
  if (value !== undefined) return { value };
  const found = text === '' ? `no ${what}` : `«${text}», which is not a ${what}`;
  return `the place has ${found}; expected one of ${known.join(', ')}.${didYouMean(text, known)}`;
}

/** @throws {UsageError} for a text that is no place, and for two places of one name. */
export function parsePlaces(texts: readonly string[]): Place[] {
  return texts.map((text, index) => {
    const place = placeFrom(text);
    const problem = typeof place === 'string' ? place : kernelProblem(place);
    if (typeof place === 'string' || problem !== undefined)
      throw new UsageError(`--place ${text}: ${problem}`, { hint: `--place ${placeForm}` });
    if (texts.indexOf(text) < index) throw new UsageError(`--place ${text} is given twice`);
    return place;
  });
}

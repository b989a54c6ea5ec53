import { asset as inProject } from '../../src/util/root.ts';

/** @returns the path of a shell script of this folder; they stay in the source tree, whatever runs from `dist`. */
export const asset = (name: string): string => inProject(`lab/sandbox/${name}`);

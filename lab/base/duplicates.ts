import { readFileSync } from 'node:fs';
import { asset } from '../../src/util/root.ts';

/**
 * Duplicate address detection, before a lab uses an address on a segment that is not its own (RFC 5227).
 * @param device interface on the segment, where the program is run.
 * @param run runs a program there, with this text as its standard input; resolves with its standard output.
 * @returns each address that somebody has, with the MAC address that answered.
 */
export async function holdersOf(
  addresses: string[],
  device: string,
  run: (argv: string[], input: string) => Promise<string>,
): Promise<[address: string, mac: string][]> {
  const program = readFileSync(asset('lab/base/duplicates.pl'), 'utf8');
  return pairsOf(await run(['perl', '-', device, ...addresses], program));
}

/** Lines of two words. */
export const pairsOf = (text: string): [string, string][] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
    .map(([first = '', second = '']) => [first, second]);

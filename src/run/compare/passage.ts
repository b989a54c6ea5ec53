import type { TrialRecord, Variant } from '../../model/comparison.ts';
import { type Bytes, type ReturnPath, returnPathOf } from '../../model/return-path.ts';

interface Passage {
  path: ReturnPath;
  /** The variant, and what its director sent as a share of what the client received. */
  words: string;
}

const said: Record<ReturnPath, string> = {
  past: 'the answers went straight to the client, bypassing the director',
  partly: 'some of the answers came back through the director',
  through: 'the answers came back through the director',
  apart: 'nothing passed the director',
};

/** Which way the answers went, where variants differ in that: it tells forwarding methods apart. Pure. */
export function passageOf(trials: readonly TrialRecord[], variants: readonly Variant[]): string | undefined {
  const all = variants.flatMap(({ name }) => passage(name, trials) ?? []);
  const paths = [...new Set(all.map(({ path }) => path))];
  if (paths.length < 2) return undefined;
  const parts = paths.map((path) => {
    const own = all.filter((one) => one.path === path).map(({ words }) => words);
    return `with ${own.length === 1 ? own[0] : `${own.slice(0, -1).join(', ')} and ${own.at(-1)}`} ${said[path]}`;
  });
  return `By the byte counters, ${parts.join('; ')} (in brackets: bytes that the director sent, of those that the client received).`;
}

function passage(variant: string, trials: readonly TrialRecord[]): Passage | undefined {
  const counted = trials.flatMap(({ variant: name, directorBytes, clientBytes }) =>
    name === variant && directorBytes && clientBytes ? [{ directorBytes, clientBytes }] : [],
  );
  const [director, client] = [
    summed(counted.map((one) => one.directorBytes)),
    summed(counted.map((one) => one.clientBytes)),
  ];
  const path = returnPathOf(director, client);
  return path && { path, words: `${variant} (${Math.round((100 * director.out) / client.in)} %)` };
}

const summed = (counts: readonly Bytes[]): Bytes =>
  counts.reduce((sum, one) => ({ in: sum.in + one.in, out: sum.out + one.out }), { in: 0, out: 0 });

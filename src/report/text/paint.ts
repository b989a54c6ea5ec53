import type { Verdict } from '../../model/check.ts';

/** Colours of a terminal, or none. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  verdict(verdict: Verdict, text: string): string;
}

const codes: Record<Verdict, number> = {
  pass: 32,
  fail: 31,
  broken: 31,
  warn: 33,
  inconclusive: 35,
  unsupported: 90,
  skipped: 90,
};

export function paintFor(color: boolean): Paint {
  const code = (n: number, text: string): string =>
    color && text !== '' ? `\u001b[${n}m${text}\u001b[0m` : text;
  return {
    bold: (text) => code(1, text),
    dim: (text) => code(90, text),
    verdict: (verdict, text) => code(codes[verdict], text),
  };
}

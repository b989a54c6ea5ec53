import { element, type Xml } from './xml.ts';

/** A test case with what the counts of its suite need. */
export interface Case {
  xml: Xml;
  kind: 'ok' | 'failure' | 'error' | 'skipped';
  seconds: number;
}

export const property = (name: string, value: string): Xml => element('property', { name, value });

export function caseCounts(cases: Case[]) {
  const of = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

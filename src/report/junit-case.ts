import { element, type Xml } from './xml.ts';

/** A test case with what the counts of its suite need. */
export interface Case {
  xml: Xml;
  kind: 'ok' | 'failure' | 'error' | 'skipped';
  seconds: number;
}

export const property = (name: string, value: string): Xml => element('property', { name, value });

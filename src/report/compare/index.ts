import type { RunRecord } from '../../model/record.ts';
import { comparisonOf } from './comparison.ts';
import { compareHtml } from './html.ts';
import { compareMarkdown } from './markdown.ts';
import { compareTerminal } from './terminal.ts';

/** Several runs side by side: verdicts, changed ones first, and figures where their labels agree. */
export function compareRuns(records: RunRecord[]): { html: string; markdown: string; terminal: string } {
  const comparison = comparisonOf(records);
  return {
    html: compareHtml(comparison),
    markdown: compareMarkdown(comparison),
    terminal: compareTerminal(comparison),
  };
}

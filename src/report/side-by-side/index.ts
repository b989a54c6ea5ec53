import type { RunRecord } from '../../model/record.ts';
import { sideBySideHtml } from './html.ts';
import { sideBySideMarkdown } from './markdown.ts';
import { sideBySideOf } from './rows.ts';
import { sideBySideTerminal } from './terminal.ts';

/** Several runs side by side: verdicts, changed ones first, and figures where their labels agree. */
export function runsSideBySide(records: RunRecord[]): { html: string; markdown: string; terminal: string } {
  const shown = sideBySideOf(records);
  return {
    html: sideBySideHtml(shown),
    markdown: sideBySideMarkdown(shown),
    terminal: sideBySideTerminal(shown),
  };
}

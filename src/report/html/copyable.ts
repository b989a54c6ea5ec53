import { type Markup, markup } from '../markup.ts';

/** Text to paste elsewhere: one click selects it all, and where a script runs a button copies it. */
export function copyable(text: string): Markup {
  return markup`<div class="copy"><pre tabindex="0">${text.replace(/\n+$/, '')}</pre><button type="button" hidden>Copy</button></div>`;
}

import { plain } from './text/safe.ts';

/** HTML and SVG that is already safe. Only `markup` makes it, and it escapes whatever is put in. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = Markup | string | number | undefined | false | readonly Part[];

/** Template for HTML: strings are escaped, `Markup` is not, lists are joined, `undefined` and `false` vanish. */
export function markup(fixed: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(fixed.map((text, index) => text + source(parts[index])).join(''));
}

function source(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.source;
  return typeof part === 'object' ? part.map(source).join('') : escapeHtml(String(part));
}

export function escapeHtml(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

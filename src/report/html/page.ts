import { createHash } from 'node:crypto';
import { type Markup, markup, Markup as Raw } from '../markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/**
 * A whole page in one file. It may load nothing and run nothing but the script that it holds.
 * @param ownStyle what this kind of page adds to the common style sheet.
 */
export function page(title: string, body: Markup, ownStyle = ''): string {
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title><link rel="icon" href="data:,">
<style>${new Raw(style + ownStyle)}</style></head>
<body><main>
${body}
</main><script>${new Raw(script)}</script></body></html>
`.source;
}

import { type Markup, markup } from '../markup.ts';

/** Numbers in SVG need no more than a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** Every drawing exists for wide and for narrow screens; the style sheet shows one of them. */
export const widths: Width[] = [
  { name: 'wide', px: 760 },
  { name: 'narrow', px: 340 },
];
export interface Width {
  name: 'wide' | 'narrow';
  px: number;
}

/** A drawing that a screen reader announces by its title. */
export function svg(width: Width, height: number, title: string, body: Markup[]): Markup {
  const name = `chart ${width.name}`;
  return markup`<svg class="${name}" viewBox="0 0 ${width.px} ${px(height)}" style="--w:${width.px}" role="img" aria-label="${title}"><title>${title}</title>${body}</svg>`;
}

export function text(x: number, y: number, content: string, kind = '', anchor = 'start'): Markup {
  return markup`<text x="${px(x)}" y="${px(y)}" class="${kind}" text-anchor="${anchor}">${content}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return markup`<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" class="${kind}"/>`;
}

export function path(d: string, kind: string, title?: string): Markup {
  return markup`<path d="${d}" class="${kind}">${title === undefined ? undefined : markup`<title>${title}</title>`}</path>`;
}

export function rect(x: number, y: number, w: number, h: number, kind: string, title?: string): Markup {
  const tip = title === undefined ? undefined : markup`<title>${title}</title>`;
  return markup`<rect x="${px(x)}" y="${px(y)}" width="${px(Math.max(0, w))}" height="${px(h)}" class="${kind}">${tip}</rect>`;
}

export function circle(x: number, y: number, radius: number, kind: string, title: string): Markup {
  return markup`<circle cx="${px(x)}" cy="${px(y)}" r="${radius}" class="${kind}"><title>${title}</title></circle>`;
}

/** Rough width of text in a proportional 12 px font; enough to keep labels apart. */
export const textWidth = (content: string): number => content.length * 6.6;

/** Class of the nth of several things; eight colours, then again from the start. */
export const colour = (index: number): string => `c${index % 8}`;

/** Line style of the nth of several things: with the colour, 32 are told apart. */
export const dash = (index: number): string => `dash${(index + Math.floor(index / 8)) % 4}`;

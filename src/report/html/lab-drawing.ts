import type { ForwardingMethod, LabSpec } from '../../model/spec.ts';
import { line, path, px, rect, svg, text, type Width } from '../chart/svg.ts';
import { type Markup, markup } from '../markup.ts';
import { shortened } from '../text/safe.ts';
import { type Box, boxesOf } from './lab-boxes.ts';

const widths: Width[] = [
  { name: 'wide', px: 960 },
  { name: 'narrow', px: 360 },
];

/** The lab as a drawing: what is connected to the switch, the way of a request, and the way of its answer. */
export function labDrawing(spec: LabSpec): Markup {
  return markup`${widths.map((width) => drawing(spec, width))}`;
}

interface Placed extends Box {
  x: number;
  top: number;
  bottom: number;
  width: number;
}

const lineHeight = 16;

function drawing(spec: LabSpec, width: Width): Markup {
  const boxes = boxesOf(spec, width.name === 'wide' ? 8 : 3);
  const outside = row(boxes.outsideClients, 8, 1, width.px);
  const routed = outside.length > 0;
  const upper = [...boxes.routers, ...boxes.lanClients, ...boxes.directors];
  const upperTop = routed ? bottomOf(outside) + 34 : 8;
  const above = row(upper, upperTop, upper.length, width.px);
  // Outside clients are connected to the router, so they are above it.
  const hanging = outside.map((box) => ({
    ...box,
    x: above[0]?.x ?? box.x,
    width: above[0]?.width ?? box.width,
  }));
  const switchTop = bottomOf(above) + 34;
  const switchBottom = switchTop + 48;
  const below = row(boxes.realServers, switchBottom + 34, boxes.realServers.length, width.px);
  const subnet = `${spec.network.base}/${spec.network.prefixLength}`;
  return svg(width, bottomOf(below.length > 0 ? below : above) + 10, `lab ${spec.name}`, [
    ...hanging.flatMap((box) => [
      line(box.x, box.bottom, box.x, upperTop, 'cable'),
      arrow('request', 'request', box.x + 9, box.bottom, upperTop),
      arrow('answer', 'answer', box.x - 9, upperTop, box.bottom),
    ]),
    ...above.map((box) => line(box.x, box.bottom, box.x, switchTop, 'cable')),
    ...below.map((box) => line(box.x, switchBottom, box.x, box.top, 'cable')),
    rect(4, switchTop, width.px - 8, 48, 'switch', subnet),
    text(width.px - 12, switchTop + 18, 'switch', 'soft', 'end'),
    ...ways(spec.services[0]?.forward ?? 'dr', above, below, switchTop),
    ...[...hanging, ...above, ...below].map(boxDrawing),
  ]);
}

/**
 * Request: client or router, director, one real server. Answer: back without the director (not with NAT).
 * Each leg has a height of its own in the switch, chosen so that none crosses another.
 */
function ways(forward: ForwardingMethod, above: Placed[], below: Placed[], switchTop: number): Markup[] {
  const from = above.find(({ kind }) => kind !== 'director');
  const director = above.find(({ active }) => active);
  const server = below.at(-1);
  if (!from || !director || !server) return [];
  const height = (n: number): number => switchTop + 8 + n * 11;
  const leg = (
    kind: string,
    title: string,
    x1: number,
    y1: number,
    y: number,
    x2: number,
    y2: number,
  ): Markup =>
    path(`M${px(x1)} ${px(y1)}V${px(y)}H${px(x2)}V${px(y2)}${head(x2, y2, y2 > y)}`, `way ${kind}`, title);
  const request = [
    leg('request', 'request to the VIP', from.x + 9, from.bottom, height(1), director.x - 9, director.bottom),
    leg(
      'request',
      'the same request, on to the real server',
      director.x + 9,
      director.bottom,
      height(2),
      server.x + 9,
      server.top,
    ),
  ];
  if (forward === 'nat') {
    return [
      ...request,
      leg(
        'answer',
        'answer to the director',
        server.x - 9,
        server.top,
        height(3),
        director.x + 24,
        director.bottom,
      ),
      leg(
        'answer',
        'answer to the client',
        director.x - 24,
        director.bottom,
        height(0),
        from.x - 9,
        from.bottom,
      ),
    ];
  }
  return [
    ...request,
    leg(
      'answer',
      'answer, bypassing the director',
      server.x - 9,
      server.top,
      height(3),
      from.x - 9,
      from.bottom,
    ),
  ];
}

/** A straight leg, up or down. */
const arrow = (kind: string, title: string, x: number, y1: number, y2: number): Markup =>
  path(`M${px(x)} ${px(y1)}V${px(y2)}${head(x, y2, y2 > y1)}`, `way ${kind}`, title);

function head(x: number, y: number, down: boolean): string {
  const back = y + (down ? -6 : 6);
  return `M${px(x - 5)} ${px(back)}L${px(x)} ${px(y)}L${px(x + 5)} ${px(back)}`;
}

function row(boxes: Box[], top: number, columns: number, width: number): Placed[] {
  const column = (width - 8) / Math.max(1, columns);
  const lines = Math.max(0, ...boxes.map((box) => box.lines.length));
  return boxes.map((box, index) => ({
    ...box,
    x: 4 + (index + 0.5) * column,
    top,
    bottom: top + 30 + lines * lineHeight,
    width: Math.min(184, column - 10),
  }));
}

function boxDrawing(box: Placed): Markup {
  const left = box.x - box.width / 2;
  const height = box.bottom - box.top;
  const kind = `box ${box.kind}${box.active ? ' active' : ''}`;
  const room = Math.floor((box.width - 8) / 6);
  return markup`<g><title>${box.title}</title>${[
    ...(box.many ? [rect(left + 5, box.top + 5, box.width, height, `${kind} behind`)] : []),
    rect(left, box.top, box.width, height, kind),
    text(box.x, box.top + 19, shortened(box.name, room), 'name', 'middle'),
    ...box.lines.map((content, index) =>
      text(box.x, box.top + 36 + index * lineHeight, shortened(content, room), 'soft', 'middle'),
    ),
  ]}</g>`;
}

const bottomOf = (boxes: Placed[]): number => Math.max(0, ...boxes.map((box) => box.bottom));

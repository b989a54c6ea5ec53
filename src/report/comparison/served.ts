import type { ComparedWorkload } from '../../model/comparison.ts';
import { answersShare, type Bytes, returnPathOf } from '../../model/return-path.ts';
import { type Markup, markup } from '../markup.ts';
import { bytes, number } from '../text/units.ts';
import type { Served } from './view.ts';
import { pWords } from './words.ts';

type Balance = ComparedWorkload['balance'];

/** More real servers than this are summed up: the least, the most. */
const mostColumns = 10;

const shareWords = (share: number): string => `${number(share * 100)} %`;

/** Who answered how much: a bar per real server, with a mark where its weight would put it. */
export function sharesTable(balance: Balance): Markup {
  const servers = [...new Set(balance.flatMap(({ shares }) => shares.map(({ server }) => server)))];
  if (servers.length === 0) return markup``;
  const few = servers.length <= mostColumns;
  const names = few ? servers : ['the least', 'the most'];
  const most = Math.max(
    0,
    ...balance.flatMap(({ shares }) => shares.flatMap((one) => [one.share, one.expected ?? 0])),
  );
  const rows = balance.map(({ variant, shares, jain, p }) => {
    const sorted = shares.toSorted((a, b) => a.share - b.share);
    const shown = few
      ? servers.map((name) => shares.find(({ server }) => server === name))
      : [sorted[0], sorted.at(-1)];
    const cells = shown.map((one) =>
      one
        ? markup`<td>${!few && markup`<span class="soft">${one.server}</span> `}${shareWords(one.share)}${bar(one, most)}</td>`
        : markup`<td>–</td>`,
    );
    return markup`<tr><th scope="row">${variant}</th>${cells}<td>${number(jain)}</td><td>${pWords(p)}</td></tr>`;
  });
  const head = names.map((name) => markup`<th scope="col">${name}</th>`);
  const expected = balance.some(({ shares }) => shares.some((one) => one.expected !== undefined));
  return markup`<h3>Share of the answers by real server</h3><div class="scroll"><table class="numbers shares"><thead><tr><th scope="col">variant</th>${head}<th scope="col" title="1: equal by weight">Jain's index</th><th scope="col" title="chi-square of the counts against the weights">p (fits the weights)</th></tr></thead><tbody>${rows}</tbody></table></div>
${expected && markup`<ul class="keys"><li><span class="tick"></span>expected by weight</li></ul>`}`;
}

function bar({ share, expected }: Balance[number]['shares'][number], most: number): Markup {
  const x = (value: number): number => Math.round((value / (most || 1)) * 1000) / 10;
  const mark =
    expected !== undefined &&
    markup`<rect x="${Math.min(98, x(expected))}" y="0" width="2" height="10" class="expected"/>`;
  return markup`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="2" width="${x(share)}" height="6" class="bar"/>${mark}</svg>`;
}

/** Answers, failures, and what was at its limit. */
export function servedTable(served: Served[]): Markup {
  if (served.length === 0) return markup``;
  const rows = served.map((one) => {
    const { variant, trials, inconclusive, planned, good } = one;
    return markup`<tr><th scope="row">${variant}</th><td>${trials}${inconclusive > 0 && markup` <span class="v-inconclusive">(${inconclusive} ?)</span>`}</td><td>${number(planned)}</td><td>${number(good)}</td><td class="left">${failures(one)}</td><td class="left">${limits(one)}</td></tr>`;
  });
  return markup`<h3>What was asked, and what came back</h3><div class="scroll"><table class="numbers served"><thead><tr><th scope="col">variant</th><th scope="col">trials</th><th scope="col">asked</th><th scope="col">answered</th><th scope="col">failed</th><th scope="col">at its limit</th></tr></thead><tbody>${rows}</tbody></table></div>${atLimit(served)}${bytesTable(served)}`;
}

/** What a limit means for the figures; nothing where there was none. */
function atLimit(served: Served[]): Markup {
  const parts = new Set(served.flatMap(({ saturated }) => Object.keys(saturated)));
  const shared = parts.has('shared CPU');
  if (parts.size === 0) return markup``;
  return markup`<p class="soft">At its limit: a CPU had nothing left to give, so these latencies are of the machine, too.${shared && markup` Shared CPU: client, director and real servers run on the same one; all variants bear it alike, and only ratios mean something.`}</p>`;
}

/** Which way the answers went, by the byte counters of director and client. */
function bytesTable(served: Served[]): Markup {
  const counted = served.filter(({ director }) => director);
  if (counted.length === 0) return markup``;
  const cell = (count: number | undefined): Markup =>
    markup`<td>${count === undefined ? '–' : bytes(count)}</td>`;
  const rows = counted.map(
    ({ variant, director, client }) =>
      markup`<tr><th scope="row">${variant}</th>${cell(director?.in)}${cell(director?.out)}${cell(client?.out)}${cell(client?.in)}<td class="left">${returnPath(director, client)}</td></tr>`,
  );
  const paths = new Set(counted.map(({ director, client }) => returnPath(director, client)));
  const [path] = paths;
  const table = markup`<div class="scroll"><table class="numbers served"><thead><tr><th scope="col">variant</th><th scope="col">director in</th><th scope="col">director out</th><th scope="col">client sent</th><th scope="col">client received</th><th scope="col">the answers</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  // Where it is the same for all, a sentence says as much as the table.
  return paths.size === 1 && path !== '–'
    ? markup`<details class="plain"><summary>The answers of all variants: ${path}, by the bytes of director and client</summary>${table}</details>`
    : markup`<h3>Bytes of the director and of the client</h3>${table}`;
}

export function failures({ errors, planned, good }: Served): string {
  const told = Object.entries(errors).map(([kind, count]) => `${number(count)} ${kind}`);
  return told.join(', ') || (planned > good ? number(planned - good) : 'none');
}

export const limits = ({ saturated }: Served): string =>
  Object.entries(saturated)
    .map(([part, count]) => `${part} in ${count}`)
    .join(', ') || 'nothing';

/** What the byte counters say of the way back. */
export function returnPath(director: Bytes | undefined, client: Bytes | undefined): string {
  const path = director && client && returnPathOf(director, client);
  if (!path) return '–';
  return {
    apart: 'neither requests nor answers passed the director',
    past: 'straight to the client, bypassing the director',
    through: 'back through the director',
    partly: `${number(answersShare(director, client) * 100)} % of the bytes back through the director`,
  }[path];
}

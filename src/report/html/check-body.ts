import type { CheckResult, EvidenceRef } from '../../model/record.ts';
import { figureOf } from '../chart/index.ts';
import { type Markup, markup } from '../markup.ts';
import { figureValue } from '../text/figure.ts';
import { isNotJudged } from '../text/roots.ts';
import { bytes, instant, number } from '../text/units.ts';
import { vantagesText } from '../text/vantages.ts';
import { remedySteps } from './remedy.ts';

/** Everything known of one check. */
export function checkBody(result: CheckResult, label: string): Markup {
  const texts: [string, string | undefined][] = [
    ['Requirement', result.requirement],
    ['Source', result.source],
    ['Judged in', result.stage && `a lab derived from this one: ${result.stage.title}`],
    ['Expected', result.expected],
    ['Seen', result.seen],
    [
      'Follows from',
      result.because && !isNotJudged(result)
        ? [result.because.check, ...result.because.hosts].join(', ')
        : undefined,
    ],
    ['Reason', result.reason],
    ['Looked at from', vantagesText(result)],
    [
      'Tried again',
      result.triedAgain && `on a fresh lab, since the first one could not be judged: ${result.triedAgain}`,
    ],
    [
      'Timers',
      result.timersLateMs !== undefined
        ? `at most ${number(result.timersLateMs)} ms late meanwhile`
        : undefined,
    ],
    ['Cause', result.cause],
  ];
  const told = texts.flatMap(([name, what]) =>
    what === undefined || what === ''
      ? []
      : [markup`<dt>${name}</dt><dd class="d-${name.toLowerCase().replaceAll(' ', '-')}">${what}</dd>`],
  );
  return markup`<div class="body"><dl class="told">${told}${
    result.remedy !== undefined && markup`<dt>Remedy</dt><dd>${remedySteps(result.remedy)}</dd>`
  }</dl>
${figures(result, label)}${result.charts.map((chart) => figureOf(chart, label))}${files(result.evidence)}
<p class="soft when">Began ${instant(result.startedAt)}</p></div>`;
}

function figures({ figures }: CheckResult, label: string): Markup {
  if (figures.length === 0) return markup``;
  const rows = figures.map(
    (figure) =>
      markup`<tr><th scope="row">${figure.name}</th><td>${figureValue(figure)}</td><td>${
        figure.samples === undefined ? '' : number(figure.samples)
      }</td></tr>`,
  );
  return markup`<h4 class="cap">Figures <small>${label}</small></h4><div class="scroll"><table class="numbers"><thead><tr><th scope="col">figure</th><th scope="col">value</th><th scope="col">samples</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function files(evidence: EvidenceRef[]): Markup {
  if (evidence.length === 0) return markup``;
  const items = evidence.map((file) => {
    const href = file.leftOut ? undefined : relativeLink(file.path);
    const name = href === undefined ? markup`${file.name}` : markup`<a href="${href}">${file.name}</a>`;
    return markup`<li>${name} <span class="soft">${bytes(file.bytes)}${file.leftOut && ', not published'}</span></li>`;
  });
  return markup`<div class="evidence"><h4>Evidence</h4><ul>${items}</ul></div>`;
}

/** Only into the run's own folder; a name is never taken for a scheme or a query. */
export function relativeLink(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '.' && part !== '');
  if (path.startsWith('/') || path.includes('\\') || parts.length === 0 || parts.includes('..'))
    return undefined;
  return `./${parts.map(encodeURIComponent).join('/')}`;
}

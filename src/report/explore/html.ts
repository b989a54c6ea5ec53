import {
  type ExplorationRecord,
  type ScheduleOutcome,
  type Shrunk,
  verdictOf,
} from '../../model/exploration.ts';
import { copyable } from '../html/copyable.ts';
import { page } from '../html/page.ts';
import { type Markup, markup } from '../markup.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { duration, instant, plural } from '../text/units.ts';
import { unsettledSchedules } from '../text/unsettled.ts';
import { verdictMark } from '../text/verdicts.ts';
import { scheduleDrawing } from './drawing.ts';
import {
  conclude,
  faultCounts,
  faultWords,
  invariantRows,
  replayCommand,
  replayName,
  seconds,
  seedsText,
  shrunkText,
  verdictFor,
  whyOf,
} from './words.ts';

/** The exploration that a person reads: one file, no network, light and dark, screen and paper. */
export function explorationHtml(record: ExplorationRecord): string {
  return page(
    `${conclude(record).headline} · ${record.lab.spec.name} · drlab`,
    markup`${banner(record)}${record.shrunk.map((one) => shrunkSection(record, one))}
${invariantSection(record)}${outcomeSection(record)}${background(record)}
<footer class="soft">drlab ${record.drlab.version} · drawn from exploration.json of ${record.id}</footer>`,
    explorationStyle,
  );
}

const tones = { holds: 'conformant', fails: 'notConformant', inconclusive: 'inconclusive' } as const;

function banner(record: ExplorationRecord): Markup {
  const { headline, detail, kind } = conclude(record);
  const facts: [string, string][] = [
    ['Lab', record.lab.file],
    ['Exploration', record.id],
    ['Began', instant(record.startedAt)],
    ['Took', duration(record.durationMs)],
    ['Tried in', record.fidelity ? fidelityLabel(record.fidelity) : 'nothing'],
    ['Exit code', String(record.exitCode)],
  ];
  const counts = (['fails', 'inconclusive', 'holds'] as const)
    .map((one) => ({ one, n: record.outcomes.filter((outcome) => verdictOf(outcome) === one).length }))
    .filter(({ n }) => n > 0);
  return markup`<header class="banner o-${tones[kind]}"><p class="kicker">drlab explore</p>
<h1>${headline}</h1><p class="lead">${detail}.</p>
<div class="tally" aria-hidden="true">${counts.map(({ one, n }) => markup`<span class="b-${verdictFor[one]}" style="flex-grow:${n}"></span>`)}</div>
${record.faults.length > 0 && markup`<p class="fault"><strong>The exploration itself had a problem:</strong> ${record.faults[0]?.message}</p>`}
${unsettledSchedules(record).map((said) => markup`<p class="fault"><strong>Not settled:</strong> ${said}.</p>`)}
<dl class="facts">${facts.map(([name, what]) => markup`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl></header>`;
}

function shrunkSection(record: ExplorationRecord, one: Shrunk): Markup {
  const whole = record.outcomes.find(({ schedule }) => schedule.seed === one.seed)?.schedule;
  const again = one.reproduced ? `--replay ${replayName(one)}` : `--seed ${one.seed}`;
  return markup`<section><h2>«${one.invariant}» fails <small>seed ${one.seed}</small></h2>
<p class="v-fail"><b>${verdictMark.fail}</b> ${one.seen}</p>
<p class="soft">${plural(one.schedule.faults.length, 'fault')} of ${whole?.faults.length ?? 0}: ${shrunkText(one)}</p>
${scheduleDrawing(one.schedule)}
<ul class="steps">${one.schedule.faults.map((fault) => markup`<li>${faultWords(fault)}</li>`)}</ul>
${copyable(replayCommand(record, again))}</section>`;
}

function invariantSection(record: ExplorationRecord): Markup {
  const rows = invariantRows(record).map(({ id, title, holds, fails, inconclusive }) => {
    const verdict =
      fails.length > 0 ? 'fail' : inconclusive.length > 0 || holds === 0 ? 'inconclusive' : 'pass';
    return markup`<tr><th scope="row"><span class="v-${verdict}">${verdictMark[verdict]}</span> ${id}<br><span class="soft">${title}</span></th>
<td>${holds}</td><td>${fails.length}${fails.length > 0 && markup` <span class="soft">seeds ${seedsText(fails)}</span>`}</td>
<td>${inconclusive.length}${inconclusive.length > 0 && markup` <span class="soft">seeds ${seedsText(inconclusive)}</span>`}</td></tr>`;
  });
  return markup`<section><h2>Invariants</h2><div class="scroll"><table><thead><tr><th>over each schedule</th><th>holds</th><th>fails</th><th>not judged</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function outcomeSection({ outcomes }: ExplorationRecord): Markup {
  const order = { fails: 0, inconclusive: 1, holds: 2 };
  const rows = outcomes
    .toSorted((a, b) => order[verdictOf(a)] - order[verdictOf(b)])
    .map((outcome) => outcomeRow(outcome));
  return markup`<section><h2>Schedules</h2><div class="scroll"><table class="schedules"><thead><tr><th>seed</th><th>faults</th><th>what came of it</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function outcomeRow(outcome: ScheduleOutcome): Markup {
  const verdict = verdictFor[verdictOf(outcome)];
  const { seed, faults } = outcome.schedule;
  const why = verdict === 'pass' ? 'all invariants hold' : whyOf(outcome);
  return markup`<tr><th scope="row"><span class="v-${verdict}">${verdictMark[verdict]}</span> ${seed}</th><td>${faults.map((fault) => markup`<div>${faultWords(fault)}</div>`)}</td><td>${why}</td></tr>`;
}

function background({ lab, bounds, commandLine, outcomes }: ExplorationRecord): Markup {
  const facts: [string, string][] = [
    ['take-over, 3 × advert + skew', seconds(bounds.masterDownMs)],
    ['take-over from a director that shuts down, skew', seconds(bounds.skewMs)],
    ['last announcement of a take-over', seconds(bounds.announceMs)],
    ['a dead real server is removed', seconds(bounds.detectionMs)],
    ['a connection is known to both', bounds.syncMs === null ? 'never' : seconds(bounds.syncMs)],
    ['slack', seconds(bounds.slackMs)],
  ];
  const counts = faultCounts(outcomes.map(({ schedule }) => schedule));
  return markup`<section><h2>What the configuration promises</h2><table>${facts.map(([name, what]) => markup`<tr><th scope="row">${name}</th><td>${what}</td></tr>`)}</table></section>
<section><h2>Faults that were tried</h2><p>${counts.map(([kind, n]) => `${kind} ${n}`).join(', ')}</p></section>
<section><h2>Reproduce</h2>${copyable(commandLine)}<details class="plain"><summary>Lab file <code>${lab.file}</code></summary>${copyable(lab.text)}</details></section>`;
}

const explorationStyle = `
.steps{margin:10px 0;display:grid;gap:4px}
.schedules th{white-space:nowrap}
.schedules td{min-width:260px}
p[class^=v-]{color:var(--tone-of);max-width:62em}
th [class^=v-]{color:var(--tone-of);display:inline-block;width:1.2em}
svg.schedule{display:block;width:100%;max-width:760px;height:auto}
svg.schedule rect{fill:var(--v-fail);opacity:.75}
svg.schedule line{stroke:var(--line)}
svg.schedule text{fill:var(--ink);font-size:12px}
svg.schedule .soft{fill:var(--soft)}
`;

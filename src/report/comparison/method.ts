import type { ComparisonRecord } from '../../model/comparison.ts';
import { pairs } from '../html/background.ts';
import { copyable } from '../html/copyable.ts';
import { type Markup, markup } from '../markup.ts';
import { fidelityLabel } from '../text/fidelity.ts';
import { bytes, duration, number, plural, quantity } from '../text/units.ts';
import { blocksWords } from './words.ts';

/** How it was measured, on what, and how to do it again. */
export function methodSections(record: ComparisonRecord): Markup {
  return markup`${method(record)}${environment(record)}${reproduce(record)}${faults(record)}`;
}

/** Name and value, for all kinds of reports. */
export function methodPairs(record: ComparisonRecord): [string, string][] {
  const { plan, workloads, fidelities } = record;
  const { seed, base, reserve = 0, fewest, trialMs, budgetMs, rates = [], changes = [] } = plan;
  const kinds = workloads.flatMap(({ figures }) => figures.map(({ kind }) => kind));
  const effects = new Set(kinds.map(({ name, effect }) => `${name} ${number(effect * 100)} %`));
  return [
    ['Base', base],
    ['Blocks', `${blocksWords(record)}, fixed beforehand; ${fewest} are needed for any verdict`],
    ...(reserve === 0
      ? []
      : [
          [
            'Reserve',
            `${plural(reserve, 'block')}, planned with the others; measured only where trials without figures leave fewer than ${fewest} pairs and the budget has time, whatever the figures are`,
          ] satisfies [string, string],
        ]),
    [
      'A block',
      'every variant once and the base twice (A/A), in an order drawn for each block, the state reset between',
    ],
    ['Seed', String(seed)],
    ['Trial', duration(trialMs)],
    ['Budget', budgetMs === undefined ? 'none' : duration(budgetMs)],
    ...rates.map(({ workload, rateHz, why }): [string, string] => [
      `Rate, ${workload}`,
      `${quantity(rateHz, 'requests/s')}${why === undefined ? '' : `, ${why}`}`,
    ]),
    [
      'Better, worse',
      'p at most 0.05 after Holm, «no difference» outside the interval, a change that matters',
    ],
    ['Change that matters', [...effects].join(', ')],
    ['Intervals', '95 %, bootstrap of the median; ratios are paired block by block; signed-rank test'],
    ...changes.map((change): [string, string] => ['Lab, for this', change]),
    ...fidelities.map(({ variants, fidelity }): [string, string] => [
      'Measured in',
      `${fidelityLabel(fidelity)}${fidelities.length > 1 ? ` (${variants.join(', ')})` : ''}`,
    ]),
  ];
}

function method(record: ComparisonRecord): Markup {
  const { order, blocks: planned } = record.plan;
  const blocks = order.map(
    (names, index) =>
      markup`<tr><th scope="row">${index + 1}${index >= planned && ' (reserve)'}</th>${names.map((name) => markup`<td>${name}</td>`)}</tr>`,
  );
  return markup`<section id="method"><h2>How it was measured</h2>${pairs(methodPairs(record))}
<details class="plain"><summary>Order of the ${plural(order.length, 'block')}</summary><div class="scroll"><table class="order"><thead><tr><th scope="col">block</th><th scope="col" colspan="${Math.max(1, ...order.map((one) => one.length))}">first to last</th></tr></thead><tbody>${blocks}</tbody></table></div></details></section>`;
}

function environment({ drlab, machine, versions, sandboxTrials }: ComparisonRecord): Markup {
  const about: [string, string][] = [
    ['drlab', [drlab.version, drlab.commit].filter(Boolean).join(', commit ')],
    ['Machine', machine.hostname],
    ['System', machine.os],
    ['Kernel', machine.kernel],
    ['Processor', `${machine.cpuModel}, ${plural(machine.cpus, 'CPU')}`],
    ['Memory', bytes(machine.memoryBytes)],
  ];
  const trials = sandboxTrials.map(
    ({ sandbox, taken, why }) =>
      markup`<li><b class="${taken ? 'v-pass' : 'soft'}">${taken ? '✓' : '○'} ${sandbox}</b> ${taken ? 'taken' : 'not taken'}: ${why}</li>`,
  );
  return markup`<section id="environment"><h2>Where it ran</h2><div class="columns"><div><h3>Machine</h3>${pairs(about)}</div>
<div><h3>Generator, kernel and tools</h3>${pairs(Object.entries(versions))}</div>
${trials.length > 0 && markup`<div><h3>Sandboxes tried</h3><ul class="trials">${trials}</ul></div>`}</div></section>`;
}

function reproduce({ commandLine, lab, plan, drlab }: ComparisonRecord): Markup {
  const seed = commandLine.includes('--seed') ? '' : ` --seed ${plan.seed}`;
  return markup`<section id="reproduce"><h2>Reproduce</h2><p>With drlab ${drlab.version}${drlab.commit !== undefined && markup` (commit <code>${drlab.commit}</code>)`}; the seed gives the same order of blocks:</p>${copyable(commandLine + seed)}
<details class="plain"><summary>Lab file <code>${lab.file}</code></summary>${copyable(lab.text)}</details></section>`;
}

function faults({ faults }: ComparisonRecord): Markup {
  if (faults.length === 0) return markup``;
  const items = faults.map(
    ({ message, hint }) =>
      markup`<li><pre>${message}</pre>${hint !== undefined && markup`<p>${hint}</p>`}</li>`,
  );
  return markup`<section id="faults"><h2>Problems of the comparison itself</h2><ul class="faults">${items}</ul></section>`;
}

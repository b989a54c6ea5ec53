import type { ConfigText } from '../../model/lab.ts';
import type { RunRecord } from '../../model/record.ts';
import { type Markup, markup } from '../markup.ts';
import { bytes, plural } from '../text/units.ts';
import { copyable } from './copyable.ts';
import { labFileName } from './lab.ts';

/** What the verdicts rest on: configurations, hosts, versions, and how to see the same again. */
export function backgroundSections(record: RunRecord): Markup {
  return markup`${configurations(record.configs)}${hosts(record)}${environment(record)}${reproduce(record)}${faults(record)}`;
}

function configurations(configs: ConfigText[]): Markup {
  if (configs.length === 0) return markup``;
  const byHost = grouped(configs);
  const items = [...byHost].map(
    ([host, texts]) =>
      markup`<details class="plain"><summary><code>${host}</code> <span class="soft">${texts.map(({ name }) => name).join(', ')}</span></summary>${texts.map(
        ({ name, text }) => markup`<h4>${name}</h4>${copyable(text)}`,
      )}</details>`,
  );
  return markup`<section id="configurations"><h2>Configurations <small>as applied</small></h2>${items}</section>`;
}

function grouped(configs: ConfigText[]): Map<string, ConfigText[]> {
  const groups = new Map<string, ConfigText[]>();
  for (const config of configs) groups.set(config.host, [...(groups.get(config.host) ?? []), config]);
  return groups;
}

function hosts(record: RunRecord): Markup {
  if (record.hosts.length === 0) return markup``;
  const items = record.hosts.map(
    ({ host, role, facts }) =>
      markup`<details class="plain"><summary><code>${host}</code> <span class="soft">${role}</span></summary>${Object.entries(
        facts,
      ).map(([name, text]) => markup`<h4>${name}</h4><pre>${text}</pre>`)}</details>`,
  );
  return markup`<section id="hosts"><h2>Hosts <small>what held when the lab was up</small></h2>${items}</section>`;
}

function environment(record: RunRecord): Markup {
  const { machine } = record;
  const about: [string, string][] = [
    ['drlab', [record.drlab.version, record.drlab.commit].filter(Boolean).join(', commit ')],
    ['Machine', machine.hostname],
    ['System', machine.os],
    ['Kernel', machine.kernel],
    ['Processor', `${machine.cpuModel}, ${plural(machine.cpus, 'CPU')}`],
    ['Memory', bytes(machine.memoryBytes)],
  ];
  const inside = Object.entries(record.versions);
  const trials = record.sandboxTrials.map(
    ({ sandbox, taken, why }) =>
      markup`<li><b class="${taken ? 'v-pass' : 'soft'}">${taken ? '✓' : '○'} ${sandbox}</b> ${taken ? 'taken' : 'not taken'}: ${why}</li>`,
  );
  return markup`<section id="environment"><h2>Where it ran</h2><div class="columns">
<div><h3>Machine</h3>${pairs(about)}</div>
<div><h3>Versions in the sandbox</h3>${pairs(inside)}</div>
${trials.length > 0 && markup`<div><h3>Sandboxes tried</h3><ul class="trials">${trials}</ul></div>`}</div></section>`;
}

export const pairs = (list: [string, string][]): Markup =>
  markup`<dl class="pairs">${list.map(([name, what]) => markup`<dt>${name}</dt><dd>${what}</dd>`)}</dl>`;

function reproduce(record: RunRecord): Markup {
  return markup`<section id="reproduce"><h2>Reproduce</h2>
<p>With this lab file as <code>${labFileName(record)}</code>:</p>${copyable(record.lab.text)}
<p>run, with drlab ${record.drlab.version}${record.drlab.commit !== undefined && markup` (commit <code>${record.drlab.commit}</code>)`}:</p>${copyable(record.commandLine)}</section>`;
}

function faults({ faults }: RunRecord): Markup {
  if (faults.length === 0) return markup``;
  const items = faults.map(
    ({ message, hint }) =>
      markup`<li><pre>${message}</pre>${hint !== undefined && markup`<p>${hint}</p>`}</li>`,
  );
  return markup`<section id="faults"><h2>Problems of the run itself</h2><ul class="faults">${items}</ul></section>`;
}

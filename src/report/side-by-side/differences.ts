import type { RunRecord } from '../../model/record.ts';
import { fidelityLabel } from '../text/fidelity.ts';

export interface Difference {
  what: string;
  /** One per run, in their order. */
  values: string[];
}

/** Whatever may explain a changed verdict: all facts of the runs that are not the same everywhere. */
export function differencesOf(records: RunRecord[]): Difference[] {
  const facts = records.map(factsOf);
  const names = [...new Set(facts.flatMap((one) => [...one.keys()]))];
  return names
    .map((what) => ({ what, values: facts.map((one) => one.get(what) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
    .map(({ what, values }) => ({ what, values: texts.test(what) ? variants(values) : values }));
}

/** Facts that are whole files are shown as `text 1`, `text 2`. */
const texts = /^(lab file$|configuration )/;

function variants(values: string[]): string[] {
  const distinct = [...new Set(values)];
  return values.map((value) => (value === '–' ? value : `text ${distinct.indexOf(value) + 1}`));
}

function factsOf(record: RunRecord): Map<string, string> {
  return new Map([
    ['measured in', fidelityLabel(record.fidelity)],
    ['drlab', [record.drlab.version, record.drlab.commit].filter(Boolean).join(' ')],
    ['machine', `${record.machine.hostname}, ${record.machine.cpuModel}, ${record.machine.cpus} CPUs`],
    ['system', `${record.machine.os}, ${record.machine.kernel}`],
    ...Object.entries(record.versions).map(([name, version]): [string, string] => [
      `${name} version`,
      version,
    ]),
    ['lab file', record.lab.text],
    ...record.configs.map(({ host, name, text }): [string, string] => [
      `configuration ${name} of ${host}`,
      text,
    ]),
  ]);
}

import type { RunRecord } from '../../../model/record.ts';
import { loadSection } from '../../shared/bench/load.ts';
import { type Built, type Figures, goals, growth } from './figures.ts';

/** The figures as Markdown, which is also what the terminal shows. */
export function page(figures: Figures, machine: RunRecord['machine'], version: string, date: string): string {
  const { drlab, mininet } = figures;
  const theirs = (hosts: number): Built | undefined =>
    typeof mininet === 'string' ? undefined : mininet.find((one) => one.hosts === hosts);
  const sizes = drlab.map((ours) => {
    const peer = theirs(ours.hosts);
    return [
      String(ours.hosts),
      ...[
        seconds(ours.upMs),
        seconds(ours.downMs),
        ours.freedMs === undefined ? '–' : seconds(ours.freedMs),
        `${(ours.upMs / ours.hosts).toFixed(2)} ms`,
      ],
      ...(peer ? [seconds(peer.upMs), seconds(peer.downMs)] : ['–', '–']),
      ...(peer ? [ratio(ours.upMs, peer.upMs), ratio(ours.downMs, peer.downMs)] : ['–', '–']),
    ];
  });
  const memoryKiB = figures.memory.processes.reduce((sum, { pssKiB }) => sum + pssKiB, 0);
  const sections = [
    '# drlab bench',
    `drlab ${version}, ${date}; ${machine.cpus} × ${machine.cpuModel}, ${mib(machine.memoryBytes / 1024)}, ${machine.os}, Linux ${machine.kernel}.`,
    '## Lab up and down',
    `In the host sandbox, each lab in a fresh sandbox once the kernel is quiet; medians of ${figures.passes}. drlab: an nftables director, a client and
N − 2 real servers that answer HTTP, until the lab has settled. Mininet: N idle hosts on a Linux bridge. «freed»: how
long the kernel goes on after that to free the namespaces, which no one waits for.`,
    table(
      [
        'hosts',
        'drlab up',
        'down',
        'freed',
        'up a host',
        'Mininet up',
        'down',
        'up ÷ Mininet',
        'down ÷ Mininet',
      ],
      sizes,
    ),
    ...(typeof mininet === 'string' ? [`Mininet was not measured: ${mininet}.`] : []),
    `Time for one host, 1000 hosts relative to 200: up ${growth(drlab, 'upMs').toFixed(2)}, down ${growth(drlab, 'downMs').toFixed(2)} (1 is linear).`,
    goals(figures)
      .map(({ text, met }) => `- ${met === undefined ? 'not measured' : met ? 'met' : 'missed'}: ${text}`)
      .join('\n'),
    '## From the command to the first check',
    table(
      ['sandbox', 'lab', 'first check begins', 'one check, whole run'],
      figures.starts.map((one) =>
        'why' in one
          ? [one.sandbox, one.lab, `not measured: ${one.why}`, '–']
          : [one.sandbox, one.lab, seconds(one.firstCheckMs), seconds(one.wholeMs)],
      ),
    ),
    `## Memory of a lab of ${figures.memory.hosts} hosts`,
    `${mib(memoryKiB)} in ${figures.memory.processes.length} processes (proportional set size, drlab itself included): ${largest(figures)}.`,
    ...loadSection(figures.load, table),
  ];
  return `${sections.join('\n\n')}\n`;
}

const seconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
const mib = (kib: number): string => `${Math.round(kib / 1024)} MiB`;
const ratio = (ours: number, theirs: number): string => (ours / theirs).toPrecision(2);

const largest = ({ memory }: Figures): string =>
  [...memory.processes]
    .sort((a, b) => b.pssKiB - a.pssKiB)
    .map(({ name, pssKiB }) => `${name} ${(pssKiB / 1024).toFixed(1)}`)
    .join(', ');

/** Columns are padded, so that it reads as a table without being rendered. */
function table(heading: string[], rows: string[][]): string {
  const widths = heading.map((title, i) =>
    Math.max(...[heading, ...rows].map((row) => row[i]?.length ?? 0), title.length),
  );
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => `${'-'.repeat(width - 1)}:`)), ...rows.map(line)].join(
    '\n',
  );
}

import type { Command } from 'commander';
import { checks } from '../../../suites/index.ts';
import { catalogueDocument } from '../../report/index.ts';
import { selectChecks } from '../../run/select.ts';
import { leftOut } from './left-out.ts';

export function addList(program: Command): void {
  program
    .command('list')
    .summary('list the checks, with level, source and mutants')
    .argument('[check-prefix...]', 'such as arp, ARP-01 or HA')
    .option('--json', 'print everything about each check, as JSON')
    .option('--markdown', 'print the catalogue as a Markdown document')
    .addHelpText('after', '\nExample:\n  drlab list scheduler --json')
    .action((prefixes: string[], options: { json?: boolean; markdown?: boolean }) => {
      const selected = selectChecks(checks, prefixes);
      if (options.markdown) process.stdout.write(catalogueDocument(selected, leftOut));
      else
        process.stdout.write(
          options.json ? `${JSON.stringify(selected.map(plain), null, 2)}\n` : table(selected),
        );
    });
}

type Listed = (typeof checks)[number];

const plain = ({ id, suite, level, title, requirement, source, needs, stage, own, mutants }: Listed) => ({
  id,
  suite,
  level,
  title,
  requirement,
  source,
  needs,
  ...(stage && { stage: { id: stage.id, title: stage.title } }),
  ...(own && { own: own.subject }),
  mutants: mutants.map(({ id: mutant, breaks }) => ({ id: mutant, breaks })),
});

/** In which lab it is judged; nothing for the lab as written, whatever that is. */
const where = ({ stage, own }: Listed): string[] => [
  ...(own ? [`your set-up where that has ${own.subject}`] : []),
  ...(stage ? [`${own ? 'else ' : ''}stage ${stage.id}: ${stage.title}`] : []),
];

function table(selected: readonly Listed[]): string {
  const lines = selected.flatMap((check, index) => {
    const heading =
      check.suite === selected[index - 1]?.suite ? [] : [`${index > 0 ? '\n' : ''}${check.suite}`];
    const mutants = check.mutants.map(({ id, breaks }) => `                      mutant ${id}: ${breaks}`);
    return [
      ...heading,
      `  ${check.id.padEnd(9)} ${check.level.padEnd(8)} ${check.title}`,
      `                      source ${check.source}`,
      ...where(check).map((line) => `                      ${line}`),
      ...mutants,
    ];
  });
  return `${lines.join('\n')}\n`;
}

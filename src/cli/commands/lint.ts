import { Argument, type Command, Option } from 'commander';
import {
  asGithub,
  asJson,
  asSarif,
  asText,
  explained,
  gather,
  lint,
  type Outcome,
  rules,
  suppress,
} from '../../lint/index.ts';
import { didYouMean } from '../../model/labfile/nearest.ts';
import { exitCode, UsageError } from '../../util/errors.ts';
import { packageVersion } from '../outside/package.ts';

interface LintOptions {
  format: 'text' | 'json' | 'sarif' | 'github';
  explain?: string;
  configId?: string;
}

const reads = `
Reads:
  keepalived.conf and what it includes, and files of sysctl.d, in the order of the boot. A folder that stands for the root of
  a host, such as lb1 with lb1/etc/keepalived/keepalived.conf and lb1/etc/sysctl.d, is that host; any other keepalived.conf is
  a host of its own. Two directors of one virtual router are held against each other.

In a file:
  # drlab: allow KA-22 because the check asks another port
  on the line of a finding, or on a line of its own above it, allows that finding there.

Exit codes: 0 no errors (there may be warnings), 1 errors, 64 usage or no file that can be read.

Examples:
  drlab lint lb1.conf lb2.conf
  drlab lint --format github hosts/
  drlab lint --explain KA-03`;

export function addLint(program: Command, setExit: (code: number) => void): void {
  program
    .command('lint')
    .summary('find mistakes in keepalived.conf and sysctl.d, before anything runs')
    .description(
      'Reads files as keepalived and sysctl would, and says with file, line and column what will not do what was meant.',
    )
    .addArgument(new Argument('[paths...]', 'files or folders'))
    .addOption(
      new Option('--format <format>', 'how to tell it')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .option('--explain <id>', 'say what a finding means, and do nothing else')
    .option(
      '--config-id <id>',
      'for lines with @id: what keepalived -i is given (default: the name of the folder of the host)',
    )
    .addHelpText('after', reads)
    .action((paths: string[], options: LintOptions) => {
      if (options.explain !== undefined) process.stdout.write(explain(options.explain));
      else setExit(run(paths, options));
    });
}

function explain(id: string): string {
  const rule = rules.find((one) => one.id === id.toUpperCase());
  if (rule) return explained(rule);
  const ids = rules.map((one) => one.id);
  throw new UsageError(`there is no finding «${id}».${didYouMean(id, ids)}`, {
    hint: `There are ${ids.join(', ')}.`,
  });
}

function run(paths: string[], { format, configId }: LintOptions): number {
  if (paths.length === 0)
    throw new UsageError('drlab lint needs files or folders', {
      hint: 'drlab lint /etc/keepalived/keepalived.conf',
    });
  const { hosts, texts } = gather(paths, configId === undefined ? {} : { configId });
  const outcome: Outcome = { ...suppress(lint(hosts), texts), files: [...texts.keys()] };
  const drawn = {
    text: asText,
    json: asJson,
    github: asGithub,
    sarif: (one: Outcome) => asSarif(one, rules, packageVersion),
  }[format](outcome);
  process.stdout.write(drawn);
  return outcome.findings.some(({ rule }) => rule.severity === 'error')
    ? exitCode.notConformant
    : exitCode.conformant;
}

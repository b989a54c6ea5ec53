import type { Command } from 'commander';
import { checks } from '../../../suites/index.ts';
import { UsageError } from '../../util/errors.ts';

/** Shell completion, drawn from the commands themselves. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('print shell completion for bash or zsh')
    .argument('<shell>', 'bash or zsh')
    .addHelpText('after', '\nExample:\n  eval "$(drlab completion bash)"')
    .action((shell: string) => {
      if (shell !== 'bash' && shell !== 'zsh')
        throw new UsageError(`no completion for «${shell}»`, { hint: 'drlab completion bash' });
      const prefix = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
      process.stdout.write(prefix + bash(program));
    });
}

function bash(program: Command): string {
  const selections = [...new Set(checks.flatMap((check) => [check.suite, check.id]))].join(' ');
  const words = (command: Command): string =>
    [
      ...command.commands.map((one) => one.name()),
      ...command.options.flatMap((option) => option.long ?? []),
      ...(['run', 'mutants', 'matrix', 'list'].includes(command.name()) ? [selections] : []),
    ].join(' ');
  const row = (path: string, command: Command): string => `    "${path} "*) words="${words(command)}" ;;`;
  const cases = program.commands.flatMap((command) => [
    ...command.commands.map((one) => row(`${command.name()} ${one.name()}`, one)),
    row(command.name(), command),
  ]);
  return `_drlab() {
  local words before="\${COMP_WORDS[*]:1:COMP_CWORD-1} "
  case "$before" in
${cases.join('\n')}
    *) words="${words(program)}" ;;
  esac
  COMPREPLY=( $(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") )
}
complete -o default -F _drlab drlab
`;
}

import type { Command } from 'commander';
import { checks } from '../../suites/index.ts';
import { UsageError } from '../util/errors.ts';

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
      ...(['run', 'mutants', 'list'].includes(command.name()) ? [selections] : []),
    ].join(' ');
  const cases = program.commands.map((command) => `    ${command.name()}) words="${words(command)}" ;;`);
  return `_drlab() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" -le 1 ] && words="${words(program)}"
  COMPREPLY=( $(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") )
}
complete -o default -F _drlab drlab
`;
}

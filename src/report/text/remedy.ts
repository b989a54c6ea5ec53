import type { RemedyStep } from '../../model/remedy.ts';
import { block, text } from './md.ts';

/** Advice, or commands of one host that follow each other and are pasted together. */
export type RemedyPart = { label: string; commands: string } | { label: string };

/** What stands above each box to copy from, and what is in it; advice has only words. */
export function remedyParts(steps: readonly RemedyStep[]): RemedyPart[] {
  const parts: RemedyPart[] = [];
  let host: string | undefined;
  for (const step of steps) {
    const said = 'run' in step ? `on ${step.on}` : step.advice;
    const label = step.lead === undefined ? said : `${step.lead}, ${said}`;
    const before = parts.at(-1);
    if (!('run' in step)) parts.push({ label });
    else if (before && 'commands' in before && step.on === host && step.lead === undefined)
      before.commands += `\n${step.run}`;
    else parts.push({ label, commands: step.run });
    host = 'run' in step ? step.on : undefined;
  }
  return parts;
}

export const remedyMarkdown = (steps: readonly RemedyStep[]): string =>
  remedyParts(steps)
    .map((part) =>
      'commands' in part
        ? `${capital(text(part.label))}:\n\n${block(part.commands, 'sh')}`
        : `${capital(text(part.label))}.`,
    )
    .join('\n\n');

export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

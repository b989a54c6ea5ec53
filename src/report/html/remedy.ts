import type { RemedyStep } from '../../model/remedy.ts';
import { type Markup, markup } from '../markup.ts';
import { remedyParts } from '../text/remedy.ts';
import { copyable } from './copyable.ts';

/** Each command in a box of its own, the host outside it: what is copied runs there as it is. */
export const remedySteps = (steps: readonly RemedyStep[]): Markup =>
  markup`${remedyParts(steps).map((part) =>
    'commands' in part
      ? markup`<p class="step">${part.label}:</p>${copyable(part.commands)}`
      : markup`<p class="step">${part.label}</p>`,
  )}`;

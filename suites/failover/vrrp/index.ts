import type { Check } from '../../../src/model/check.ts';
import { voicesAgree } from './agreeing.ts';
import { announcesAsTold } from './announcing.ts';
import { shortFlapChangesNothing } from './flap.ts';
import { formulas } from './formula.ts';
import { moveTogether } from './group.ts';
import { preempts, stays, switchesOver } from './handover.ts';
import { hung, killed } from './killed.ts';
import { poweredOff, rebooted, rogueRouterEnds } from './lost.ts';
import { restartsBesideRules } from './restart.ts';
import { rotationGoesOn } from './rotation.ts';
import { splitHeals } from './split.ts';
import { subSecond } from './subsecond.ts';
import { tracking } from './tracking.ts';
import { withoutMulticast } from './unicast.ts';
import { virtualMacMoves } from './virtual-mac.ts';

/** Pairs of directors that take over from each other by VRRP, beyond what every lab with such a pair is asked. */
export const pairs: Check[] = [
  voicesAgree,
  ...formulas,
  splitHeals,
  killed,
  hung,
  preempts,
  stays,
  switchesOver,
  announcesAsTold,
  virtualMacMoves,
  moveTogether,
  ...tracking,
  withoutMulticast,
  subSecond,
  shortFlapChangesNothing,
  restartsBesideRules,
  rotationGoesOn,
  poweredOff,
  rebooted,
  rogueRouterEnds,
];

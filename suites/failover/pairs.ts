import type { Check } from '../../src/model/check.ts';
import { announcesAsTold } from './vrrp-announcing.ts';
import { shortFlapChangesNothing } from './vrrp-flap.ts';
import { formulas } from './vrrp-formula.ts';
import { moveTogether } from './vrrp-group.ts';
import { preempts, stays, switchesOver } from './vrrp-handover.ts';
import { hung, killed } from './vrrp-killed.ts';
import { poweredOff, rebooted, rivalEnds } from './vrrp-lost.ts';
import { restartsBesideRules } from './vrrp-restart.ts';
import { rotationGoesOn } from './vrrp-rotation.ts';
import { splitHeals } from './vrrp-split.ts';
import { subSecond } from './vrrp-subsecond.ts';
import { tracking } from './vrrp-tracking.ts';
import { withoutMulticast } from './vrrp-unicast.ts';
import { virtualMacMoves } from './vrrp-virtual-mac.ts';

/** Pairs of directors that take over from each other by VRRP, beyond what every lab with such a pair is asked. */
export const pairs: Check[] = [
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
  rivalEnds,
];

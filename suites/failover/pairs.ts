import type { Check } from '../../src/model/check.ts';
import { announcesAsTold } from './vrrp-announcing.ts';
import { formulas } from './vrrp-formula.ts';
import { moveTogether } from './vrrp-group.ts';
import { preempts, stays, switchesOver } from './vrrp-handover.ts';
import { hung, killed } from './vrrp-killed.ts';
import { splitHeals } from './vrrp-split.ts';
import { tracking } from './vrrp-tracking.ts';

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
  moveTogether,
  ...tracking,
];

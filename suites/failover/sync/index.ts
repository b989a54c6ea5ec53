import type { Check } from '../../../src/model/check.ts';
import { onlyWithDaemon } from './backup-only.ts';
import { familiesSurvive } from './families.ts';
import { ownIdOnly } from './ids.ts';
import { portsAlike } from './ports.ts';
import { returnSparesIdle } from './returning.ts';
import { rulesStay } from './rules.ts';
import { templatesOnly, withoutState } from './sloppy.ts';
import { survives } from './surviving.ts';
import { fromTheThird, inTime } from './timing.ts';
import { seldomTold } from './volume.ts';
import { connectionsSurviveVrrp, persistenceSurvivesVrrp } from './vrrp.ts';

/** Synchronisation of connections between directors. */
export const sync: Check[] = [
  survives,
  inTime,
  fromTheThird,
  ownIdOnly,
  templatesOnly,
  withoutState,
  seldomTold,
  portsAlike,
  onlyWithDaemon,
  rulesStay,
  connectionsSurviveVrrp,
  persistenceSurvivesVrrp,
  returnSparesIdle,
  familiesSurvive,
];

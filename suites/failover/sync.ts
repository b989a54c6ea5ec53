import type { Check } from '../../src/model/check.ts';
import { onlyWithDaemon } from './sync-backup-only.ts';
import { familiesSurvive } from './sync-families.ts';
import { ownIdOnly } from './sync-ids.ts';
import { portsAlike } from './sync-ports.ts';
import { returnSparesIdle } from './sync-returning.ts';
import { rulesStay } from './sync-rules.ts';
import { templatesOnly, withoutState } from './sync-sloppy.ts';
import { survives } from './sync-surviving.ts';
import { fromTheThird, inTime } from './sync-timing.ts';
import { seldomTold } from './sync-volume.ts';
import { connectionsSurviveVrrp, persistenceSurvivesVrrp } from './sync-vrrp.ts';

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

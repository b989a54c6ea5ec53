import type { Check } from '../../src/model/check.ts';
import { clientsCloseEntries } from './closing.ts';
import { countsAreTrue } from './counting.ts';
import { crashIsNotSeen } from './crashing.ts';
import { deletedServerIsSilent, deletedServerResets } from './deleting.ts';
import { memorySuffices } from './memory.ts';
import { reusedPortsMove, reusedPortsStick } from './reusing.ts';
import { bucketsAreNoLimit } from './sizing.ts';
import { timeoutsCanBeSet } from './timing.ts';
import { balancedFlowsUntracked } from './untracked.ts';

export const connections: Check[] = [
  timeoutsCanBeSet,
  deletedServerIsSilent,
  deletedServerResets,
  reusedPortsStick,
  reusedPortsMove,
  crashIsNotSeen,
  memorySuffices,
  countsAreTrue,
  clientsCloseEntries,
  balancedFlowsUntracked,
  bucketsAreNoLimit,
];

import type { Check } from '../../src/model/check.ts';
import { portZeroTakesAll } from './all-ports.ts';
import { templatesExpire } from './expiring.ts';
import { ftpDataFollows } from './ftp.ts';
import { marksGroupPorts } from './marking.ts';
import { templatedClientsMove, templatedClientsStay } from './quiescing.ts';
import { callsStick } from './sip.ts';
import { clientsStick, networksStick } from './sticking.ts';

export const persistence: Check[] = [
  clientsStick,
  networksStick,
  templatesExpire,
  templatedClientsStay,
  templatedClientsMove,
  portZeroTakesAll,
  ftpDataFollows,
  callsStick,
  marksGroupPorts,
];

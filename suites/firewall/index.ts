import type { Check } from '../../src/model/check.ts';
import { closeReachesIpvs } from './closing.ts';
import { icmpPasses } from './errors.ts';
import { forwardHasNoSay, methodMatches } from './forwarding.ts';
import { noFilterBySource, ripClosedVipServed, serversAcceptVip } from './knocking.ts';
import { masqueradeIsInVain, sourceStaysClient } from './masquerading.ts';
import { noStatefulFilter, vipPassesDirector } from './passing.ts';
import { answersCrossSegment } from './upstream.ts';
import { directorsHearEachOther } from './vrrp.ts';

export const firewall: Check[] = [
  vipPassesDirector,
  forwardHasNoSay,
  sourceStaysClient,
  masqueradeIsInVain,
  noStatefulFilter,
  closeReachesIpvs,
  serversAcceptVip,
  ripClosedVipServed,
  noFilterBySource,
  icmpPasses,
  directorsHearEachOther,
  answersCrossSegment,
  methodMatches,
];

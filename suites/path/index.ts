import type { Check } from '../../src/model/check.ts';
import { inStage, routed } from '../common/stages.ts';
import { everyConnectionAnswered, oneServerPerConnection } from './answering.ts';
import { lastHopAnswers } from './expiring.ts';
import { fragmentsPass } from './fragments.ts';
import { narrowRouteIsTold } from './mtu.ts';
import { realServersOnLink, serviceListensOnVip, vipHasHostPrefix, vipIsLocal } from './placing.ts';
import { noServerRefuses, strayAckNotScheduled, unservedPortStays } from './refusing.ts';
import { errorsFollowConnection } from './related.ts';
import { directorSeesNoReply, repliesGoDirect, requestsPassDirector } from './returning.ts';
import { onlyMacsChange, ttlMinusOne } from './rewrite.ts';
import { datagramsStayTogether, entriesFollowClient } from './tracking.ts';
import { checksumUntouched, optionsUntouched } from './unchanged.ts';

/** An on-link client sees other faults than a routed one, on which the router's neighbour table acts. */
const routedToo = [
  onlyMacsChange,
  requestsPassDirector,
  oneServerPerConnection,
  repliesGoDirect,
  directorSeesNoReply,
  lastHopAnswers,
  narrowRouteIsTold,
  fragmentsPass,
  errorsFollowConnection,
  optionsUntouched,
];

export const path: Check[] = [
  onlyMacsChange,
  ttlMinusOne,
  lastHopAnswers,
  checksumUntouched,
  optionsUntouched,
  requestsPassDirector,
  oneServerPerConnection,
  strayAckNotScheduled,
  noServerRefuses,
  unservedPortStays,
  datagramsStayTogether,
  narrowRouteIsTold,
  fragmentsPass,
  errorsFollowConnection,
  everyConnectionAnswered,
  repliesGoDirect,
  directorSeesNoReply,
  realServersOnLink,
  vipIsLocal,
  vipHasHostPrefix,
  serviceListensOnVip,
  entriesFollowClient,
  ...routedToo.map((check) => inStage(routed, check)),
];

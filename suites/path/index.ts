import type { Check } from '../../src/model/check.ts';
import { everyConnectionAnswered, oneServerPerConnection } from './answering.ts';
import { realServersOnLink, serviceListensOnVip, vipHasHostPrefix, vipIsLocal } from './placing.ts';
import { noServerRefuses, strayAckNotScheduled, unservedPortStays } from './refusing.ts';
import { directorSeesNoReply, repliesGoDirect, requestsPassDirector } from './returning.ts';
import { onlyMacsChange, ttlMinusOne } from './rewrite.ts';
import { datagramsStayTogether, entriesFollowClient } from './tracking.ts';

export const path: Check[] = [
  onlyMacsChange,
  ttlMinusOne,
  requestsPassDirector,
  oneServerPerConnection,
  strayAckNotScheduled,
  noServerRefuses,
  unservedPortStays,
  datagramsStayTogether,
  everyConnectionAnswered,
  repliesGoDirect,
  directorSeesNoReply,
  realServersOnLink,
  vipIsLocal,
  vipHasHostPrefix,
  serviceListensOnVip,
  entriesFollowClient,
];

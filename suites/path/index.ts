import type { Check } from '../../src/model/check.ts';
import { inStage, routed } from '../common/stages.ts';
import { everyConnectionAnswered, oneServerPerConnection } from './answering.ts';
import { bridgeDoesNotFilter } from './bridging.ts';
import { statsAgree } from './counting.ts';
import { dumpRestores } from './dump.ts';
import { lastHopAnswers } from './expiring.ts';
import { needsNoForwarding } from './forwarding.ts';
import { fragmentsPass } from './fragments.ts';
import { ipsecFollowsIsakmp } from './ipsec.ts';
import { vipIsLocalToDirector } from './local.ts';
import { nothingIsLost } from './losing.ts';
import { portsAreNotMapped } from './mapping.ts';
import { markComesFirst, markGroupsPorts } from './marks.ts';
import { narrowRouteIsTold } from './mtu.ts';
import { datagramsRotate } from './onepacket.ts';
import { realServersOnLink, serviceListensOnVip, vipHasHostPrefix, vipIsLocal } from './placing.ts';
import { noServerRefuses, strayAckNotScheduled, unservedPortStays } from './refusing.ts';
import { errorsFollowConnection } from './related.ts';
import { directorSeesNoReply, repliesGoDirect, requestsPassDirector } from './returning.ts';
import { reverse } from './reverse-all.ts';
import { onlyMacsChange, ttlMinusOne } from './rewrite.ts';
import { sctpIsBalanced } from './sctp.ts';
import { oneMtu } from './segment.ts';
import { subnetsMayDiffer } from './subnets.ts';
import { datagramsStayTogether, entriesFollowClient } from './tracking.ts';
import { checksumUntouched, optionsUntouched } from './unchanged.ts';
import { anyHolderServes, labelIsCosmetic } from './vip-holders.ts';
import { redirectServes } from './vip-redirect.ts';
import { noSecondRoute } from './vip-routes.ts';

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
  vipIsLocalToDirector,
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
  nothingIsLost,
  needsNoForwarding,
  repliesGoDirect,
  directorSeesNoReply,
  ...reverse,
  realServersOnLink,
  oneMtu,
  bridgeDoesNotFilter,
  vipIsLocal,
  vipHasHostPrefix,
  serviceListensOnVip,
  entriesFollowClient,
  portsAreNotMapped,
  datagramsRotate,
  sctpIsBalanced,
  ipsecFollowsIsakmp,
  markGroupsPorts,
  markComesFirst,
  statsAgree,
  dumpRestores,
  vipIsLocalToDirector,
  subnetsMayDiffer,
  noSecondRoute,
  anyHolderServes,
  labelIsCosmetic,
  redirectServes,
  ...routedToo.map((check) => inStage(routed, check)),
];

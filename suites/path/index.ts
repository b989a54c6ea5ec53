import type { Check } from '../../src/model/check.ts';
import { inStage, routed, whereRouted } from '../common/stages.ts';
import { everyConnectionAnswered, oneServerPerConnection } from './answers/answering.ts';
import { nothingIsLost } from './answers/losing.ts';
import { noServerRefuses, strayAckNotScheduled, unservedPortStays } from './answers/refusing.ts';
import { bridgeDoesNotFilter } from './forwarding/bridging.ts';
import { needsNoForwarding } from './forwarding/ip-forward.ts';
import { onlyMacsChange, ttlMinusOne } from './forwarding/rewrite.ts';
import { subnetsMayDiffer } from './forwarding/subnets.ts';
import { checksumUntouched, optionsUntouched } from './forwarding/unchanged.ts';
import { lastHopAnswers } from './icmp/expiring.ts';
import { fragmentsPass } from './icmp/fragments.ts';
import { narrowRouteIsTold } from './icmp/mtu.ts';
import { errorsFollowConnection } from './icmp/related.ts';
import { oneMtu } from './icmp/segment.ts';
import { reverse } from './reverse/index.ts';
import { requestsPassDirector } from './reverse/passing.ts';
import { directorSeesNoReply, repliesGoDirect } from './reverse/returning.ts';
import { statsAgree } from './services/counting.ts';
import { dumpRestores } from './services/dump.ts';
import { ipsecFollowsIsakmp } from './services/ipsec.ts';
import { portsAreNotMapped } from './services/mapping.ts';
import { markComesFirst, markGroupsPorts } from './services/marks.ts';
import { datagramsRotate } from './services/one-packet.ts';
import { sctpIsBalanced } from './services/sctp.ts';
import { datagramsStayTogether, entriesFollowClient } from './services/tracking.ts';
import { anyHolderServes, labelIsCosmetic } from './vip/holders.ts';
import { vipIsLocalToDirector } from './vip/local.ts';
import { realServersOnLink, vipHasHostPrefix } from './vip/placing.ts';
import { redirectServes } from './vip/redirect.ts';
import { noSecondRoute } from './vip/routes.ts';
import { serviceListensOnVip, vipIsLocal } from './vip/taking.ts';

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
  ...routedToo.map(whereRouted),
  inStage(routed, vipIsLocalToDirector),
];

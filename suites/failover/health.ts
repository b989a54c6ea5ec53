import type { Check } from '../../src/model/check.ts';
import { drainsAndStartsSlowly } from './draining.ts';
import { hangingServerRemoved, wrongAnswersRemoved } from './health-detecting.ts';
import { forgottenAtOnce, noPacketAfterRemoval, removedOrQuiesced } from './health-fading.ts';
import { eachKindSeesItsOwn } from './health-kinds.ts';
import { inhibitedStays, quorumAndSorry } from './health-quorum.ts';
import { oneLostIsForgiven, sourceIsTheDip } from './health-source.ts';
import { alphaAndOmega } from './health-starting.ts';
import { servesTheVip } from './health-through-vip.ts';
import { heartbeatTakesOver } from './heartbeat.ts';
import { ldirectordChecks } from './ldirectord.ts';

/** What becomes of real servers that die, hang, err or return. */
export const health: Check[] = [
  hangingServerRemoved,
  wrongAnswersRemoved,
  servesTheVip,
  inhibitedStays,
  quorumAndSorry,
  alphaAndOmega,
  eachKindSeesItsOwn,
  sourceIsTheDip,
  oneLostIsForgiven,
  removedOrQuiesced,
  forgottenAtOnce,
  ldirectordChecks,
  noPacketAfterRemoval,
  drainsAndStartsSlowly,
  heartbeatTakesOver,
];

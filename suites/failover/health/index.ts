import type { Check } from '../../../src/model/check.ts';
import { hangingServerRemoved, wrongAnswersRemoved } from './detecting.ts';
import { forgottenAtOnce, noPacketAfterRemoval, removedOrQuiesced } from './fading.ts';
import { eachKindSeesItsOwn } from './kinds.ts';
import { ldirectordChecks } from './ldirectord.ts';
import { inhibitedStays, quorumAndSorry } from './quorum.ts';
import { oneLostIsForgiven, sourceIsTheDip } from './source.ts';
import { alphaAndOmega } from './starting.ts';
import { servesTheVip } from './through-vip.ts';

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
];

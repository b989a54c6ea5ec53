import type { Check } from '../../src/model/check.ts';
import { whereRouted } from '../common/stages.ts';
import { neighbourStaysDirector, noArpFromVip } from './announcing.ts';
import { oneMacAnswers } from './answering.ts';
import { neighboursFit } from './capacity.ts';
import { duplicateIsNoticed } from './duplicates.ts';
import { flapAnnouncesNothing } from './flapping.ts';
import { oneHolder } from './holders.ts';
import { otherMeansWork } from './means.ts';
import { pinnedRouterWorks, staticEntryHelpsUntilFailover } from './pinning.ts';
import { proxyArpIsNoFix } from './proxying.ts';
import { holderRefreshes } from './refreshing.ts';
import { ripAnswers } from './resolving.ts';
import { arpRulesSilence } from './rules.ts';
import { settingsDecide, vipOffTheWire } from './settings.ts';

export const arp: Check[] = [
  oneMacAnswers,
  neighbourStaysDirector,
  noArpFromVip,
  settingsDecide,
  vipOffTheWire,
  ripAnswers,
  otherMeansWork,
  arpRulesSilence,
  holderRefreshes,
  duplicateIsNoticed,
  pinnedRouterWorks,
  staticEntryHelpsUntilFailover,
  proxyArpIsNoFix,
  neighboursFit,
  flapAnnouncesNothing,
  oneHolder,
  // Behind a router it is the router's neighbour table that faults act on.
  ...[oneMacAnswers, neighbourStaysDirector, noArpFromVip].map(whereRouted),
];

import type { Check } from '../../src/model/check.ts';
import { cookiesAtRealServers } from './cookies.ts';
import { everyTenthDropped } from './dropping.ts';
import { halfOpenEvaporates } from './evaporating.ts';
import { stormPasses } from './expiring.ts';
import { floodLeavesOthersAlone } from './flooding.ts';
import { otherTablesStaySmall } from './neighbours.ts';
import { manyRulesWork } from './scaling.ts';
import { secureTcpChangesStates } from './securing.ts';

export const defence: Check[] = [
  everyTenthDropped,
  secureTcpChangesStates,
  cookiesAtRealServers,
  floodLeavesOthersAlone,
  halfOpenEvaporates,
  otherTablesStaySmall,
  manyRulesWork,
  stormPasses,
];

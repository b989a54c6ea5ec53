import type { Check } from '../../src/model/check.ts';
import { cookiesAtRealServers } from './cookies.ts';
import { everyTenthDropped } from './dropping.ts';
import { halfOpenEvaporates } from './evaporating.ts';
import { floodLeavesOthersAlone } from './flooding.ts';
import { secureTcpChangesStates } from './securing.ts';

export const defence: Check[] = [
  everyTenthDropped,
  secureTcpChangesStates,
  cookiesAtRealServers,
  floodLeavesOthersAlone,
  halfOpenEvaporates,
];

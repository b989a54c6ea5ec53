import type { Check } from '../../src/model/check.ts';
import { onlyMacsChange6, repliesDirect6 } from './forwarding.ts';
import { fragmentsArrive6 } from './fragments.ts';
import { sourceHashing6 } from './hashing.ts';
import { linkLocalRefused } from './linklocal.ts';
import { noAddressIsDeaf, takeOverIsAnnounced6 } from './moving.ts';
import { forwardingStaysSilent, oneAdvertiser } from './neighbours.ts';
import { hostPrefix6 } from './prefix.ts';
import { hopLimitExpires, noServerRefuses6 } from './refusing.ts';
import { solicitsFromRip } from './soliciting.ts';
import { networksStick6 } from './sticking.ts';

/** IPv6 DR: who speaks for the VIP, and what the director makes of packets. Stages: stage.ts. */
export const ipv6: Check[] = [
  oneAdvertiser,
  solicitsFromRip,
  forwardingStaysSilent,
  linkLocalRefused,
  hostPrefix6,
  onlyMacsChange6,
  hopLimitExpires,
  repliesDirect6,
  noServerRefuses6,
  fragmentsArrive6,
  sourceHashing6,
  networksStick6,
  noAddressIsDeaf,
  takeOverIsAnnounced6,
];

import type { Claim } from '../../src/model/claim.ts';
import { addresses } from './addresses.ts';
import { firewalls } from './firewalls.ts';
import { packets } from './packets.ts';
import { setup } from './setup.ts';

/** What a widely copied article says about LVS-DR, in our words, each with the checks that decide it. */
export const claims: Claim[] = [...packets, ...addresses, ...setup, ...firewalls].toSorted((a, b) =>
  a.id.localeCompare(b.id),
);

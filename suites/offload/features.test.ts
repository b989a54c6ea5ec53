import { expect, it } from 'vitest';
import { parseSetting } from './features.ts';

it('reads what is on, and is not misled by details', () =>
  expect(
    parseSetting(`Features for eth0:
rx-checksumming: on
tx-checksumming: on
	tx-checksum-ip-generic: on
tcp-segmentation-offload: off
	tx-tcp-segmentation: on
generic-segmentation-offload: on [fixed]
generic-receive-offload: off
`),
  ).toEqual({ tx: true, tso: false, gso: true, gro: false }));

import { expect, it } from 'vitest';
import { parseChain } from './counters.ts';

it('reads a chain with its policy and rules', () =>
  expect(
    parseChain(`Chain OUTPUT (policy ACCEPT 15 packets, 858 bytes)
    pkts      bytes target     prot opt in     out     source               destination         
      15      858            0    --  *      *       0.0.0.0/0            198.18.0.100         vmethod GATE
       0        0 DROP       6    --  *      *       0.0.0.0/0            0.0.0.0/0            ctstate INVALID
`),
  ).toEqual({
    policy: 'ACCEPT',
    policyPackets: 15,
    rules: [
      { packets: 15, rule: '0 -- * * 0.0.0.0/0 198.18.0.100 vmethod GATE' },
      { packets: 0, rule: 'DROP 6 -- * * 0.0.0.0/0 0.0.0.0/0 ctstate INVALID' },
    ],
  }));

it('reads a chain without rules', () =>
  expect(
    parseChain(
      'Chain FORWARD (policy DROP 0 packets, 0 bytes)\n    pkts      bytes target     prot opt in     out\n',
    ),
  ).toEqual({ policy: 'DROP', policyPackets: 0, rules: [] }));

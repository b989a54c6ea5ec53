import { describe, expect, it } from 'vitest';
import { localAddresses, ruleCounters } from './forwarding.ts';

const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 198.18.0.0
        /24 link UNICAST
Local:
  +-- 198.18.0.0/24 2 0 2
     |-- 198.18.0.2
        /32 host LOCAL
     |-- 198.18.0.100
        /32 host LOCAL
     |-- 198.18.0.255
        /32 link BROADCAST
`;

describe('the state of a director', () => {
  it('finds its local addresses and no others', () => {
    expect(localAddresses(trie)).toEqual(['198.18.0.2', '198.18.0.100']);
  });

  it('adds up what the rules counted', () => {
    const text =
      'ip daddr 198.18.0.100 tcp dport 80 counter packets 12 bytes 720 fwd\n udp dport 53 counter packets 3 bytes 90 fwd';
    expect(ruleCounters(text)).toBe(15);
  });

  it('says so where no rule counts', () => {
    expect(ruleCounters('ip daddr 198.18.0.100 tcp dport 80 fwd to "eth0"')).toBeUndefined();
  });
});

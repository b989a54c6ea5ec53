import { expect, it } from 'vitest';
import { awaitHoldingNear } from './settle-near.ts';
import { labOf } from './testing/lab-of.ts';

const trie = (...addresses: string[]): string =>
  ['Local:', ...addresses.map((one) => `        |-- ${one}\n           /32 host LOCAL`)].join('\n');
const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C6120064:0050 wlc
  -> C6120101:0050      Route   1      0          0
  -> C6120102:0050      Route   0      0          0
`;
const spec = labOf({ director: { kind: 'ipvsadm' }, realServers: 2 });

const d1 = (files: Record<string, string>) => ({
  name: 'd1',
  get: async (path: string) => {
    const text = files[path.replace('/proc/net/', '')];
    if (text === undefined) throw new Error('No such file or directory');
    return Buffer.from(text);
  },
});

/** Of the real servers, those that get connections. */
const holding = (...weights: number[]) => ({
  vips: ['198.18.0.100'],
  ipvsServices: spec.services.slice(0, 1).map((service) => ({
    ...service,
    realServers: weights.map((weight, i) => ({ name: `rs${i + 1}`, weight })),
  })),
  withinMs: 1,
  everyMs: 1,
});

it('settles once VIP and real servers are there', async () => {
  const host = d1({ fib_trie: trie('127.0.0.1', '198.18.0.100'), ip_vs: table });
  expect(await awaitHoldingNear(host, spec, holding(1, 0))).toBeUndefined();
});

it('says what is missing in the end: a real server without weight is none', async () => {
  const host = d1({ fib_trie: trie('127.0.0.1', '198.18.0.100'), ip_vs: table });
  expect(await awaitHoldingNear(host, spec, holding(1, 1))).toBe(
    'd1: lacks rule:TCP/C6120064:0050>C6120102:0050',
  );
});

it('lacks all rules where there is no IPVS, and a stand-by may not hold a VIP', async () => {
  const host = d1({ fib_trie: trie('198.18.0.100') });
  expect(await awaitHoldingNear(host, spec, holding(1))).toMatch(/^d1: lacks rule:TCP/);
  expect(await awaitHoldingNear(host, spec, { ...holding(), vips: [], ipvsServices: [] })).toBe(
    'd1: has vip:198.18.0.100',
  );
});

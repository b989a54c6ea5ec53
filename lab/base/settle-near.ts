import type { Host } from '../../src/model/host.ts';
import { type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { messageOf, TimedOut } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { until } from '../../src/util/until.ts';
import type { Holding } from '../directors/index.ts';
import { promised } from './settle.ts';

/**
 * The same as `awaitHolding` where the files of a host are near: then a look costs less than the `sleep` between two
 * looks of a shell, which is a program to be started.
 */
export async function awaitHoldingNear(
  host: Pick<Host, 'name' | 'get'>,
  spec: LabSpec,
  holding: Holding,
): Promise<string | undefined> {
  const { wanted, unwanted } = promised(spec, holding);
  const withIpv6 = vipsOf(spec).some(isIpv6);
  const withRules = wanted.some((word) => word.startsWith('rule:'));
  let lacking: string[] = [];
  const settled = async (): Promise<true | undefined> => {
    const [trie, inet6, rules] = await Promise.all([
      textOf(host, 'fib_trie'),
      withIpv6 ? textOf(host, 'if_inet6') : '',
      withRules ? textOf(host, 'ip_vs') : '',
    ]);
    const seen = new Set([...addressWords(trie), ...address6Words(inet6), ...ruleWordsIn(rules)]);
    lacking = [
      ...wanted.filter((word) => !seen.has(word)).map((word) => `lacks ${word}`),
      ...unwanted.filter((word) => seen.has(word)).map((word) => `has ${word}`),
    ];
    return lacking.length === 0 || undefined;
  };
  try {
    await until(`${host.name} to hold what it should`, settled, {
      withinMs: holding.withinMs,
      everyMs: holding.everyMs ?? 100,
    });
    return undefined;
  } catch (error) {
    if (error instanceof TimedOut) return `${host.name}: ${lacking.join(' ')}`;
    throw error;
  }
}

/** A kernel without IPVS, or not yet with IPv6, has no such file. */
const textOf = (host: Pick<Host, 'get'>, file: string): Promise<string> =>
  host.get(`/proc/net/${file}`).then(
    (bytes) => Buffer.from(bytes).toString(),
    (error) => {
      if (/No such file/.test(messageOf(error))) return '';
      throw error;
    },
  );

const addressWords = (trie: string): string[] =>
  [...trie.matchAll(/\|-- (\S+)\s+\/32 host LOCAL/g)].map(([, address]) => `vip:${address}`);

/** Bit 0x40: tentative, so not held yet. */
const address6Words = (table: string): string[] =>
  table.split('\n').flatMap((line) => {
    const [address = '', , , , flags = '0'] = line.trim().split(/\s+/);
    return address === '' || (Number.parseInt(flags, 16) & 0x40) !== 0 ? [] : [`vip:${address}`];
  });

/** Services, and below each its real servers with a weight. */
function ruleWordsIn(table: string): string[] {
  let service = '';
  return table.split('\n').flatMap((line) => {
    const [first = '', second = '', , weight] = line.trim().split(/\s+/);
    if (/^(TCP|UDP|FWM)$/.test(first)) service = `${first}/${second}`;
    return first === '->' && Number(weight) > 0 ? [`rule:${service}>${second}`] : [];
  });
}

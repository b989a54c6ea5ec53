import type { Fact } from './fact.ts';
import { nftFacts, savedFacts } from './filters.ts';
import { syncFacts, tableFacts, timeoutFacts } from './ipvs.ts';
import { ipFacts, queueFacts } from './network.ts';

export type { Fact, FactKind } from './fact.ts';
export { nftFacts as tablesIn } from './filters.ts';
export { flagNames } from './ipvs.ts';
export { netem } from './network.ts';

/** Facts in what host-state.pl printed. */
export function factsIn(text: string): Fact[] {
  const sections = new Map(
    text
      .split(/^=== /m)
      .slice(1)
      .map((section): [string, string] => {
        const end = section.indexOf('\n');
        return [section.slice(0, end), section.slice(end + 1)];
      }),
  );
  const said = (name: string): string => sections.get(name) ?? '';
  const filters = ['iptables', 'ip6tables', 'arptables', 'ebtables'].map((name) => `${name}-legacy`);
  return [
    ...ipFacts(said('ip')),
    ...queueFacts(said('qdiscs')),
    ...filters.flatMap((program) => savedFacts(program, said(`${program}-save`))),
    ...nftFacts(said('nft')),
    ...tableFacts(said('ipvs'), said('thresholds')),
    ...timeoutFacts(said('timeouts')),
    ...syncFacts(said('sync')),
    ...daemonFacts(said('daemons')),
    ...lines(said('sysctls')).map(sysctlFact),
  ];
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** `keepalived running`: a line for each process; a daemon does its work only if all of them do. */
function daemonFacts(text: string): Fact[] {
  const found = new Map<string, string>();
  for (const line of lines(text)) {
    const [name = '', state = ''] = line.split(' ');
    if (found.get(name) !== 'stopped') found.set(name, state);
  }
  return [...found].map(([key, value]) => ({ kind: 'daemon', key, value }));
}

/** `net/ipv4/conf/eth0.5/rp_filter=0`; a dot in a name becomes a `/`, as sysctl(8) has it. */
function sysctlFact(line: string): Fact {
  const end = line.indexOf('=');
  const key = line.slice(0, end).replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'));
  return { kind: 'sysctl', key, value: line.slice(end + 1) };
}

import { check } from '../../src/model/check.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { clientOf, serviceOf, targetOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

export interface Table {
  /** gc_thresh1, 2 and 3. */
  thresholds: [number, number, number];
  entries: number;
  /** How often an entry was refused because the table was full. */
  refused: number;
}

export interface Capacity {
  director: string;
  /** Hosts on the segment, each of which the director may have to resolve. */
  onLink: number;
  /** Requests that were answered in between. */
  answered: number;
  before: Table | null;
  after: Table | null;
}

/** Pure part: `ip -s ntable show name arp_cache`, whose first block is the table itself. */
export function parseTable(text: string): Table | null {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const table: Table = {
    thresholds: [number(/thresh1 (\d+)/), number(/thresh2 (\d+)/), number(/thresh3 (\d+)/)],
    entries: number(/entries (\d+)/),
    refused: number(/table_fulls (\d+)/),
  };
  const numbers = [...table.thresholds, table.entries, table.refused];
  return numbers.some(Number.isNaN) ? null : table;
}

/**
 * arp(7) gc_thresh1 to gc_thresh3, which all network namespaces of a kernel share: that is why no mutant lowers
 * them, since in some sandboxes that is the kernel of the machine. The judge is tested on made-up tables instead.
 */
export const neighboursFit = check<Capacity>({
  id: 'ARP-15',
  suite: 'arp',
  level: 'should',
  title: 'the neighbour table of the director has room for the whole segment',
  requirement:
    'gc_thresh3 is above the number of hosts on the segment, and no entry was refused while all real servers were in use.',
  source: 'arp(7) gc_thresh1, gc_thresh2, gc_thresh3; catalogue ARP-15',
  needs: ['director'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: once('it is about the table of the director'),
  mutants: [],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = await activeDirector(lab, service.vip);
    const table = async () => {
      const { stdout } = await lab.host(director).exec('ip -s ntable show name arp_cache || :');
      await evidence.save('arp_cache.txt', stdout);
      return parseTable(stdout);
    };
    const before = await table();
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const requests = Math.min(2 * hostsOf(lab.spec, 'realServer').length, 200);
    const answers = await prober.requests(targetOf(service), { count: requests, parallel: 4 });
    const answered = answers.filter(({ ok }) => ok).length;
    const onLink = lab.spec.hosts.filter((host) => isOnLan(lab.spec, host)).length - 1;
    return { director, onLink, answered, before, after: await table() };
  },
  judge({ director, onLink, answered, before, after }) {
    const expected = `room for ${onLink} neighbours on ${director}, none refused`;
    if (!before || !after) return inconclusive(expected, `${director} does not show its neighbour table`);
    const [first, , most] = after.thresholds;
    const refused = after.refused - before.refused;
    const seen = `gc_thresh1/2/3 ${after.thresholds.join('/')}, ${after.entries} entries, ${refused} refused`;
    const remedy = on(
      director,
      `sysctl -w net.ipv4.neigh.default.gc_thresh1=${2 * onLink} net.ipv4.neigh.default.gc_thresh2=${4 * onLink} net.ipv4.neigh.default.gc_thresh3=${8 * onLink}`,
    );
    if (refused > 0)
      return fail(expected, seen, { cause: `the neighbour table of ${director} overflowed`, remedy });
    if (onLink >= most)
      return fail(expected, seen, {
        cause: `gc_thresh3 of ${director} is below the ${onLink} hosts of the segment: a busy table overflows`,
        remedy,
      });
    if (answered === 0) return inconclusive(expected, `${seen}; no request was answered`);
    return pass(
      expected,
      onLink > first ? `${seen}; above gc_thresh1 unused entries are collected and resolved again` : seen,
    );
  },
});

import { check } from '../../src/model/check.ts';
import { deviceOf } from '../../src/model/spec.ts';
import { flood } from '../../src/probe/flood.ts';
import { buckets } from '../../src/probe/ipvs-state.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { entriesByState, framesInto, total } from '../common/entries.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Size {
  buckets: number;
  sent: number;
  /** Frames that the director took in meanwhile. */
  received: number;
  entries: number;
  answered: number;
  asked: number;
}

const beyond = 500;
const mostBuckets = 16_384;
const asked = 3;

/** ip_vs_conn.c: a hash table with chains; conn_tab_bits sets the number of chains. */
export const bucketsAreNoLimit = check<Size>({
  id: 'CT-06',
  suite: 'connections',
  level: 'should',
  title: 'the size of the connection table is no limit on connections',
  requirement:
    'conn_tab_bits sets the number of hash buckets (4096 by default); more connections than that have an entry each, and new ones are served.',
  source: 'ipvsadm(8), NOTES; Linux ip_vs_conn_init()',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: tables,
  own: ownConnections('a tcp service of DR', {}, { spoofs: true, how: { disturbs: true } }),
  mutants: [
    {
      id: 'packets-dropped',
      breaks: 'drop_packet=3: the director drops every tenth new connection',
      change: sysctls('director', { 'net.ipv4.vs.drop_packet': '3' }),
      reason: /entries for \d+ connections/,
    },
  ],
  async observe({ lab }) {
    const scene = await sceneOf(lab, connectionsOf(lab.spec, portOf.many), 'segment');
    const size = await buckets(scene.director);
    if (size > mostBuckets)
      throw new CannotHere(`the table has ${size} buckets, more than a bounded flood can fill`);
    const [source = ''] = unusedSources(lab.spec, 1);
    const sent = size + beyond;
    const dstPort = scene.service.port;
    const device = deviceOf(scene.directorSpec);
    const before = await framesInto(scene.director, device);
    await flood(scene.clientHost, {
      ...sentFrom(source, scene),
      dstPort,
      fromPort: 1024,
      count: sent,
      validChecksum: false,
    });
    const received = (await framesInto(scene.director, device)) - before;
    const answers = await scene.prober.requests(scene.target, { count: asked });
    const entries = total(await entriesByState(scene.director, source, dstPort));
    return {
      buckets: size,
      sent,
      received,
      entries,
      asked,
      answered: answers.filter((one) => one.ok).length,
    };
  },
  judge({ buckets: size, sent, received, entries, answered, asked: all }, { spec }) {
    const expected = `${sent} entries in a table of ${size} buckets, new connections served`;
    if (entries === 0) return inconclusive(expected, 'none of our SYNs created an entry');
    if (received < sent)
      return inconclusive(expected, `only ${received} of ${sent} SYNs reached the director`);
    const seen = `${entries} entries for ${sent} connections, ${size} buckets; ${answered} of ${all} new connections served`;
    if (entries === sent && answered === all) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director drops new connections or entries: its defences are on, or it is out of memory',
      remedy: on(
        everyHost(spec, 'director'),
        'sysctl net.ipv4.vs.drop_packet net.ipv4.vs.drop_entry',
        'dmesg',
      ),
    });
  },
});

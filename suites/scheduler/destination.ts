import { functional } from '../common/coassert.ts';
import { mistaken, needs } from './held.ts';
import { eachWhere, worst } from './judging.ts';
import { fromEach, type Hashed, type Start, startOf } from './observing.ts';
import { destinationHash } from './oracle/hash.ts';
import { ownBench, schedulers, triedService } from './stage.ts';

interface Destinations {
  vip: string;
  start: Start;
  connections: Hashed[];
}

/** Linux ip_vs_dh.c: made for caches behind a firewall, where destinations are many. */
export const destinationHashing = functional<Destinations[]>({
  id: 'SCH-08',
  suite: 'scheduler',
  level: 'should',
  title: 'dh sends all clients of one VIP to one server',
  requirement:
    'A connection goes to the bucket of its destination address, of 256 that are assigned to servers in turn, whoever the client is; weights are ignored.',
  source: 'Linux ip_vs_dh.c, hash_32(); ipvsadm(8)',
  needs,
  stage: schedulers,
  own: ownBench('dh'),
  mutants: [mistaken('dh', 'sh')],
  async observe({ lab }) {
    const tried = triedService(lab.spec, 'dh');
    const seen: Destinations[] = [];
    const all =
      lab.spec.stage === undefined ? [tried] : lab.spec.services.filter(({ port }) => port === tried.port);
    for (const service of all) {
      const meant = { ...service, scheduler: 'dh' };
      const start = await startOf(lab, meant);
      seen.push({ vip: service.vip, start, connections: await fromEach(lab, meant, 9) });
    }
    return seen;
  },
  judge(seen, { spec }) {
    const meant = triedService(spec, 'dh');
    return worst(
      ...seen.map(({ vip, start, connections }) =>
        eachWhere(connections, destinationHash, { spec, service: { ...meant, vip }, start }),
      ),
    );
  },
});

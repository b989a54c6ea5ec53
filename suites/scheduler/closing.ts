import { TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, filtersOn, on } from '../common/remedy.ts';
import { count } from '../common/subjects.ts';
import { needs } from './held.ts';
import { show } from './judging.ts';
import { all, prober, type Start, startOf } from './observing.ts';
import { directorOf, schedulers, triedService } from './stage.ts';

interface Closed {
  opened: string[];
  open: Start;
  closed: Start;
}

const connections = 6;
const active = ({ servers }: Start): number => servers.reduce((sum, one) => sum + one.active, 0);

/** In direct routing the director sees the client's segments only: its FIN is all that says «closed». */
export const closedStopsCounting = functional<Closed>({
  id: 'SCH-26',
  suite: 'scheduler',
  level: 'should',
  title: 'a connection that the client closes stops counting as active',
  requirement:
    'The least-connection schedulers are right only while the director sees every FIN; then a closed connection is inactive at once.',
  source: 'Linux tcp_states[INPUT_ONLY], ip_vs_dest_conn_overhead()',
  needs,
  stage: schedulers,
  mutants: [
    {
      id: 'fin-dropped',
      breaks: 'the director drops segments with FIN, as an INVALID rule does',
      change: onDirectors(
        (spec) =>
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 ingress protocol ip u32 match ip dst ${triedService(spec, 'closing').vip}/32 match ip protocol 6 0xff match u8 0x01 0x01 at 33 action drop`,
      ),
      reason: /6 of 6 closed connections still count as active.*FIN/,
    },
  ],
  async observe({ lab }) {
    const service = triedService(lab.spec, 'closing');
    const held = await (await prober(lab)).hold(
      { ip: service.vip, port: service.port },
      { count: connections },
    );
    const open = await startOf(lab, service);
    await held.close();
    let closed = open;
    try {
      await until(
        'closed connections to become inactive',
        async () => {
          closed = await startOf(lab, service);
          return active(closed) <= active(open) - connections ? true : undefined;
        },
        { withinMs: 3_000, everyMs: 20 },
      );
    } catch (error) {
      // Then that is what was seen, and the judge says what it means.
      if (!(error instanceof TimedOut)) throw error;
    }
    return { opened: all(held.answers), open, closed };
  },
  judge({ opened, open, closed }, { spec }) {
    const expected = `${count(connections, 'closed connection')} inactive`;
    if (active(open) < connections)
      return inconclusive(expected, `not every connection was opened: ${show(opened)}`);
    const left = Math.max(0, active(closed) - (active(open) - connections));
    if (left === 0) return pass(expected, `all of them within 3 s`);
    const host = directorOf(spec);
    return fail(expected, `${left} of ${connections} closed connections still count as active`, {
      cause: `${host} does not see the client’s FIN: a rule for INVALID packets drops it`,
      remedy: [
        ...on(host, 'iptables -S', filtersOn(spec, 'ingress')),
        ...advice('accept everything for the VIP without state'),
      ],
    });
  },
});

import { check } from '../../src/model/check.ts';
import { flood } from '../../src/probe/flood.ts';
import { entriesByState, statesIn, total } from '../common/entries.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { portOf, sceneAt } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { defended, withoutDrops } from './stage.ts';

interface Secured {
  afterSyn: Record<string, number>;
  afterAck: Record<string, number>;
}

const connections = 20;

/** Linux tcp_states_dos: under secure_tcp a SYN alone leads to SYNACK, and only an ACK to ESTABLISHED. */
export const secureTcpChangesStates = check<Secured>({
  id: 'DOS-03',
  suite: 'defence',
  level: 'should',
  title: 'secure_tcp follows another table: a SYN makes SYNACK',
  requirement:
    'With secure_tcp=3 the entry of a connection that has sent only its SYN is in SYNACK, and ESTABLISHED after its ACK.',
  source: 'ipvs-sysctl.rst (secure_tcp); Linux tcp_states_dos',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: defended,
  mutants: [
    {
      id: 'off',
      breaks: 'secure_tcp=0 on the director',
      change: sysctls('director', { 'net.ipv4.vs.secure_tcp': '0' }),
      reason: /SYN_RECV after a SYN/,
    },
  ],
  async observe({ lab }) {
    const scene = await sceneAt(lab, portOf.secured);
    const [half = '', whole = ''] = unusedSources(lab.spec, 6).slice(4);
    const common = { dstPort: portOf.secured, fromPort: 2_000, count: connections, validChecksum: false };
    return withoutDrops(scene.director, async () => {
      await flood(scene.clientHost, { ...sentFrom(half, scene), ...common });
      await flood(scene.clientHost, { ...sentFrom(whole, scene), ...common, segments: 'established' });
      return {
        afterSyn: await entriesByState(scene.director, half, portOf.secured),
        afterAck: await entriesByState(scene.director, whole, portOf.secured),
      };
    });
  },
  judge({ afterSyn, afterAck }, { spec }) {
    const expected = 'only SYNACK after a SYN, only ESTABLISHED after an ACK';
    if (total(afterSyn) === 0 || total(afterAck) === 0)
      return inconclusive(expected, 'none of our segments created an entry');
    const seen = `${statesIn(afterSyn)} after a SYN, ${statesIn(afterAck)} after an ACK`;
    const only = (states: Record<string, number>, state: string) =>
      Object.keys(states).every((one) => one === state);
    if (only(afterSyn, 'SYNACK') && only(afterAck, 'ESTABLISHED')) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'secure_tcp is not in force',
      remedy: [
        ...on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.secure_tcp=3'),
        ...advice('with 1 it is in force only when memory is short'),
      ],
    });
  },
});

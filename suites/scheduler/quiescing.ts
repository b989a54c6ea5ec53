import { hostSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { clientOf, count, list, serviceOf, targetOf } from '../common/subjects.ts';

interface Quiesced {
  quiesced: string;
  /** Connections that the real server held before, and how many of them still answered. */
  held: number;
  stillAnswered: number;
  newServers: string[];
}

/** ipvsadm(8): weight 0 «will receive no new jobs, but still serve the existing jobs». */
export const weightZeroQuiesces = functional<Quiesced>({
  id: 'SCH-24',
  suite: 'scheduler',
  level: 'must',
  title: 'weight 0 quiesces: held connections go on, new ones go elsewhere',
  requirement: 'A real server of weight 0 keeps its connections and gets no new one.',
  source: 'ipvsadm(8) --weight; Linux ip_vs_rr.c',
  needs: ['director', 'schedulerRr', 'ipvs', 'severalRealServers'],
  mutants: [
    {
      id: 'persistent',
      breaks: 'the service is persistent, so a known client still gets the quiesced server',
      change: onDirectors((spec) => {
        const { vip, port } = serviceOf(spec, 'tcp', 'rr');
        return `ipvsadm -E -t ${vip}:${port} -s rr -p 300`;
      }),
      reason: /new connections went to the quiesced/,
    },
  ],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp', 'rr');
    const director = lab.host(await activeDirector(lab, service.vip));
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const held = await prober.hold(targetOf(service), { count: service.realServers.length });
    const quiesced = held.answers.find((answer) => answer.server)?.server ?? '';
    if (quiesced === '') return { quiesced, held: 0, stillAnswered: 0, newServers: [] };
    const { weight = 1 } = service.realServers.find((server) => server.name === quiesced) ?? {};
    const setWeight = (value: number) =>
      director.exec(
        `ipvsadm -e -t ${service.vip}:${service.port} -r ${hostSpec(lab.spec, quiesced).ip}:${service.port} -g -w ${value}`,
      );
    note(`quiescing ${quiesced}`);
    await setWeight(0);
    try {
      const fresh = await prober.requests(targetOf(service), { count: 3 * service.realServers.length });
      const again = await held.ask();
      const own = held.answers.flatMap((answer, i) => (answer.server === quiesced ? [again[i]] : []));
      return {
        quiesced,
        held: own.length,
        stillAnswered: own.filter((answer) => answer?.ok && answer.server === quiesced).length,
        newServers: fresh.map((answer) => answer.server ?? `? (${answer.error})`),
      };
    } finally {
      await setWeight(weight);
      await held.close();
    }
  },
  judge({ quiesced, held, stillAnswered, newServers }) {
    const expected = `held connections of ${quiesced} answered, 0 of ${newServers.length} new ones there`;
    if (quiesced === '' || newServers.length === 0)
      return inconclusive(expected, 'no connection was answered');
    const gone = newServers.filter((name) => name === quiesced).length;
    const lost = newServers.filter((name) => name.startsWith('?')).length;
    const seen = `${stillAnswered} of ${count(held, 'held connection')} answered; new ones on ${list(newServers)}`;
    if (gone > 0)
      return fail(
        expected,
        `${gone} of ${newServers.length} new connections went to the quiesced ${quiesced}`,
        {
          cause: 'the service is persistent: templates outlive the weight',
          remedy: 'sysctl -w net.ipv4.vs.expire_quiescent_template=1, or drop -p',
        },
      );
    if (stillAnswered < held || lost > 0)
      return fail(expected, seen, {
        cause: lost > 0 ? 'new connections were lost' : `${quiesced} was removed instead of quiesced`,
        remedy: `ipvsadm -e … -w 0 instead of ipvsadm -d …`,
      });
    return pass(expected, seen);
  },
});

import type { Mutant } from '../../src/model/check.ts';
import { destinationOf, entryOf, methodFlag } from '../../src/model/ipvs-words.ts';
import { hostSpec, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { functional } from '../common/coassert.ts';
import { onSecondVip } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { type Look, lookBehind } from '../common/looking/look.ts';
import { whyUnanswered } from '../common/looking/why.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, everyHost, on, or, toTellApart } from '../common/remedy.ts';
import { clientOf, count, list, serviceOf, targetOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';

interface Quiesced {
  quiesced: string;
  /** Connections that the real server held before, and how many of them still answered. */
  held: number;
  stillAnswered: number;
  newServers: string[];
  /** Where not all went as it should; taken while the weight was 0. */
  look?: Look;
}

const persistent: Mutant = {
  id: 'persistent',
  breaks: 'the service is persistent, so a known client still gets the quiesced server',
  change: onDirectors((spec) => {
    return `ipvsadm -E ${entryOf(serviceOf(spec, 'tcp', 'rr'))} -s rr -p 300`;
  }),
  reason: /new connections went to the quiesced/,
};

/** ipvsadm(8): weight 0 «will receive no new jobs, but still serve the existing jobs». */
export const weightZeroQuiesces = functional<Quiesced>({
  id: 'SCH-24',
  suite: 'scheduler',
  level: 'must',
  title: 'weight 0 quiesces: held connections continue, new ones go elsewhere',
  requirement: 'A real server of weight 0 keeps its connections and gets no new one.',
  source: 'ipvsadm(8) --weight; Linux ip_vs_rr.c',
  needs: ['director', 'schedulerRr', 'ipvs', 'severalRealServers'],
  vantages: everywhere('tcp', 'rr'),
  mutants: [persistent, onSecondVip(persistent, 'tcp', 'rr')],
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
        `ipvsadm -e ${entryOf(service)} ${destinationOf(lab.spec, service, quiesced)} ${methodFlag(service, quiesced)} -w ${value}`,
      );
    note(`quiescing ${quiesced}`);
    await setWeight(0);
    try {
      const fresh = await prober.requests(targetOf(service), { count: 3 * service.realServers.length });
      const again = await held.ask();
      const own = held.answers.flatMap((answer, i) => (answer.server === quiesced ? [again[i]] : []));
      const seen: Quiesced = {
        quiesced,
        held: own.length,
        stillAnswered: own.filter((answer) => answer?.ok && answer.server === quiesced).length,
        newServers: fresh.map((answer) => answer.server ?? `? (${answer.error})`),
      };
      const well =
        seen.stillAnswered === seen.held && fresh.every(({ server }) => server && server !== quiesced);
      return well ? seen : { ...seen, look: await lookBehind(lab, service, silentIn(seen, service)) };
    } finally {
      await setWeight(weight);
      await held.close();
    }
  },
  judge(observed, { spec }) {
    const { quiesced, held, stillAnswered, newServers } = observed;
    const service = serviceOf(spec, 'tcp', 'rr');
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
        whyChosen(spec, service, observed),
      );
    if (stillAnswered < held || lost > 0) return fail(expected, seen, whyLost(spec, service, observed));
    return pass(expected, seen);
  },
});

/** Real servers that should have got new connections, and answered none. */
const silentIn = ({ quiesced, newServers }: Quiesced, { realServers }: ServiceSpec): string[] =>
  realServers.map(({ name }) => name).filter((name) => name !== quiesced && !newServers.includes(name));

const rowOf = (spec: LabSpec, { quiesced, look }: Quiesced) =>
  look?.director?.rule?.realServers.find(({ ip }) => ip === hostSpec(spec, quiesced).ip);

/** Why new connections went to the quiesced server. */
function whyChosen(spec: LabSpec, service: ServiceSpec, seen: Quiesced): Why {
  const { director } = seen.look ?? {};
  const { weight = 0 } = rowOf(spec, seen) ?? {};
  if (weight > 0)
    return {
      cause: `the table of ${director?.name} has ${seen.quiesced} with weight ${weight} again: another program sets it`,
      remedy: [
        ...on(director?.name ?? [], 'ps aux'),
        ...advice('read the log of the daemon that manages the table'),
      ],
    };
  if (director?.rule && director.rule.persistenceS === 0)
    return {
      cause: `the table of ${director.name} has weight 0 and no persistence: they went past it, or it schedules otherwise than Linux`,
      remedy: [...on(director.name, 'ipvsadm -Ln', 'ipvsadm -Lnc'), ...advice('see ARP-01 and PP-05')],
    };
  return {
    cause: director?.rule
      ? `the service is persistent (${director.rule.persistenceS} s, by the table of ${director.name}): templates outlive the weight`
      : 'the service is persistent: templates outlive the weight; or its weight was set back',
    remedy: [
      ...on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_quiescent_template=1'),
      ...or(on(everyHost(spec, 'director'), `ipvsadm -E ${entryOf(service)} -s rr`)),
    ],
  };
}

/** Why held or new connections were not answered. */
function whyLost(spec: LabSpec, service: ServiceSpec, seen: Quiesced): Why {
  const { look, quiesced, held, stillAnswered } = seen;
  if (look?.director?.rule && stillAnswered < held && !rowOf(spec, seen))
    return {
      cause: `${quiesced} was removed from the table of ${look.director.name} instead of quiesced`,
      remedy: [
        ...on(
          look.director.name,
          `ipvsadm -a ${entryOf(service)} ${destinationOf(spec, service, quiesced)} ${methodFlag(service, quiesced)} -w 0`,
        ),
        ...advice('a weight of 0 quiesces a real server (ipvsadm -e); ipvsadm -d takes its connections away'),
      ],
    };
  if (look)
    return whyUnanswered(spec, service, look, [
      ...(stillAnswered < held ? [quiesced] : []),
      ...silentIn(seen, service),
    ]);
  return {
    cause: 'connections were lost: by real servers, on the way, or since the table changed',
    remedy: toTellApart([
      ...on(everyHost(spec, 'director'), 'ipvsadm -Ln', 'ipvsadm -Lnc'),
      ...advice('see PP-16'),
    ]),
  };
}

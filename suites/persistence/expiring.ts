import { entryOf, entryWords } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import type * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate, setTimeouts, timeouts } from '../../src/probe/ipvs-state.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { onService, portOf, sceneAt, sceneOf, serversIn, serviceAt, tables } from '../common/tables.ts';
import { ownSticking, stickyService } from './sticking.ts';

interface Expiry {
  persistenceS: number;
  /** Clients whose one connection was closed: their real server, and their template after it had time to expire. */
  idle: { cip: string; server: string; left: ipvs.Connection[] }[];
  /** A client that keeps a connection: the template once its time was up. */
  busy: { cip: string; answered: boolean; left: ipvs.Connection[] };
  /** Where the first idle client without a template goes once its real server is quiesced. */
  afterwards: { cip: string; quiesced: string; server: string } | undefined;
  /** In the lab as written nothing is waited for: a client that just came, and its template. */
  fresh?: { cip: string; answered: boolean; left: ipvs.Connection[] };
}

const finS = 1;
const idleClients = 3;

/** Mutant: hours where seconds or minutes are meant. */
const prolonged = (spec: LabSpec): LabSpec =>
  spec.stage === undefined
    ? onDirectors((own) => {
        const service = stickyService(own, portOf.brief);
        return `ipvsadm -E ${entryOf(service)} -s ${service.scheduler} -p 7200`;
      })(spec)
    : onService(portOf.brief, { persistenceS: 7200 })(spec);

/** Linux ip_vs_conn.c, ip_vs_conn_expire(): a template that controls connections is prolonged by 60 s. */
export const templatesExpire = functional<Expiry>({
  id: 'PST-03',
  suite: 'persistence',
  level: 'must',
  title: 'a template lasts as long as its time and its connections',
  requirement:
    'When a client has no connection and its persistence time is up, its template expires and it may be scheduled again; while it has one, the template stays.',
  source: 'ipvsadm(8) --persistent; Linux ip_vs_conn_expire()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  stage: tables,
  own: ownSticking(false),
  mutants: [
    {
      id: 'long-persistence',
      breaks: 'a persistence time of hours instead of seconds',
      change: prolonged,
      reason: /still has a template, which expires in \d{4} s/,
    },
  ],
  async observe({ lab }) {
    if (lab.spec.stage === undefined) return freshTemplate(lab);
    const { director, prober, target, entries, setWeight } = await sceneAt(lab, portOf.brief);
    const [busy = '', ...idle] = clientAddresses(lab.spec).slice(0, 1 + idleClients);
    const before = await timeouts(director);
    await setTimeouts(director, { ...before, finS });
    const held = await prober.hold(target, { count: 1, from: [busy] });
    try {
      const first = await prober.requests(target, { count: idle.length, from: idle });
      const rows = await settled(entries, idle, busy);
      const of = (cip: string) => rows.filter((row) => row.cip === cip && isTemplate(row));
      const seen = idle.map((cip, i) => ({ cip, server: first[i]?.server ?? '', left: of(cip) }));
      const gone = seen.find((one) => one.left.length === 0 && one.server !== '');
      let afterwards: Expiry['afterwards'];
      if (gone) {
        await setWeight(gone.server, 0);
        const again = await prober.requests(target, { count: 1, from: [gone.cip] });
        await setWeight(gone.server, 1);
        afterwards = { cip: gone.cip, quiesced: gone.server, server: serversIn(again) };
      }
      return {
        persistenceS: serviceAt(lab.spec, portOf.brief).persistenceS,
        idle: seen,
        busy: { cip: busy, answered: held.answers.some(({ ok }) => ok), left: of(busy) },
        afterwards,
      };
    } finally {
      await held.close();
      await setTimeouts(director, before);
    }
  },
  judge({ persistenceS, idle, busy, afterwards, fresh }, { spec }) {
    if (fresh) return judgeFresh(spec, persistenceS, fresh);
    const expected = `no template for ${list(idle.map((one) => one.cip))}, one for ${busy.cip}, which holds a connection`;
    if (idle.every((one) => one.server === '')) return inconclusive(expected, 'no connection was answered');
    // One that was prolonged by 60 s had its connection for longer than its time: our own delay.
    const kept = idle.filter((one) => one.left.some((row) => row.expiresS > 60));
    const [first] = kept;
    if (first)
      return fail(
        expected,
        `${list(kept.map((one) => one.cip))} still has a template, which expires in ${first.left[0]?.expiresS} s`,
        {
          cause: 'the persistence time of the service is longer than its clients need',
          remedy: on(
            everyHost(spec, 'director'),
            `ipvsadm -E ${entryOf(serviceAt(spec, portOf.brief))} -s rr -p 2`,
          ),
        },
      );
    if (!busy.answered) return inconclusive(expected, `${busy.cip} got no connection to keep open`);
    if (busy.left.length === 0)
      return fail(expected, `the template of ${busy.cip} went while its connection was open`, {
        cause: 'the director forgot the connection',
        remedy: on(everyHost(spec, 'director'), 'ipvsadm -Lnc', 'sysctl -w net.ipv4.vs.drop_entry=0'),
      });
    if (!afterwards)
      return inconclusive(expected, 'every template was prolonged, since its connection lasted');
    if (afterwards.server.includes('?') || afterwards.server === afterwards.quiesced)
      return fail(expected, `${afterwards.cip}, whose template was gone, went to ${afterwards.server}`, {
        cause: `${afterwards.quiesced} has weight 0 and the client no template, so it must be scheduled elsewhere`,
        remedy: on(everyHost(spec, 'director'), 'ipvsadm -Ln', 'ipvsadm -Lnc'),
      });
    return pass(
      expected,
      `${idle.filter((one) => one.left.length === 0).length} of ${idle.length} are gone, that of ${busy.cip} expires in ${busy.left[0]?.expiresS} s; ${afterwards.cip} moved from ${afterwards.quiesced} to ${afterwards.server}`,
    );
  },
});

/** Waits until no idle client has anything left that may yet go soon, and the busy one was prolonged. */
async function settled(
  entries: () => Promise<ipvs.Connection[]>,
  idle: string[],
  busy: string,
): Promise<ipvs.Connection[]> {
  let last: ipvs.Connection[] = [];
  const look = async () => {
    last = await entries();
    const waiting = last.some((row) => idle.includes(row.cip) && row.expiresS <= 5);
    const soon = last.some((row) => row.cip === busy && isTemplate(row) && row.expiresS <= 5);
    return waiting || soon ? undefined : last;
  };
  return until('templates to expire', look, { withinMs: 12_000, everyMs: 100 });
}

/** Between a connection and the look at its template. */
const lookS = 10;

async function freshTemplate(lab: Lab): Promise<Expiry> {
  const service = stickyService(lab.spec, portOf.brief);
  const { prober, target, entries, client } = await sceneOf(lab, service);
  const [answer] = await prober.requests(target, { count: 1 });
  const left = (await entries()).filter((row) => row.cip === client.ip && isTemplate(row));
  return {
    persistenceS: service.persistenceS,
    idle: [],
    busy: { cip: client.ip, answered: false, left: [] },
    afterwards: undefined,
    fresh: { cip: client.ip, answered: answer?.ok ?? false, left },
  };
}

/** A client that just had a connection has a template with its whole time before it, or what is left of a minute of grace. */
function judgeFresh(
  spec: LabSpec,
  persistenceS: number,
  { cip, answered, left }: NonNullable<Expiry['fresh']>,
) {
  const service = stickyService(spec, portOf.brief);
  const expected = `one template for ${cip}, which expires in ${persistenceS} s`;
  if (!answered) return inconclusive(expected, 'no connection was answered');
  const remedy = on(
    everyHost(spec, 'director'),
    `ipvsadm -E ${entryOf(service)} -s ${service.scheduler} -p ${persistenceS}`,
  );
  const [template] = left;
  if (!template)
    return fail(expected, `${cip} has no template`, {
      cause: `${entryWords(service)} is not persistent at the director`,
      remedy,
    });
  const { expiresS } = template;
  if (expiresS > persistenceS || expiresS < persistenceS - lookS)
    return fail(expected, `${cip} still has a template, which expires in ${expiresS} s`, {
      cause: `${entryWords(service)} has another persistence time at the director than the ${persistenceS} s of the lab file`,
      remedy,
    });
  return pass(expected, `the template of ${cip} expires in ${expiresS} s`);
}

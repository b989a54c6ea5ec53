import type { Judgement } from '../../../src/model/check.ts';
import { type Refutation, serviceName } from '../../../src/model/preconditions.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import type { Answer } from '../../../src/probe/client/prober.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import type { Look, Why } from '../../common/looking/look.ts';
import { whySeen } from '../../common/looking/why.ts';
import { everyHost, filtersOn, on, toTellApart } from '../../common/remedy.ts';
import { count, list } from '../../common/subjects.ts';
import { type Echoes, echoesText, echoFaults } from './echoes.ts';
import type { Repeated } from './repeats.ts';

export interface Asked {
  service: string;
  answers: Pick<Answer, 'ok' | 'server' | 'error' | 'bytes'>[];
}

export interface Round {
  asked: Asked[];
  /** Of the client, and of real servers to it. */
  frames: number;
  repeated: Repeated[];
}

export interface LookedBehind {
  service: string;
  /** Real servers from which no answer came. */
  silent: string[];
  look: Look;
}

/** Services whose requests failed, or did not go where they should. */
export const troubled = (rounds: Round[], spec: LabSpec): { service: ServiceSpec; silent: string[] }[] =>
  spec.services.flatMap((service, i) => {
    const asked = rounds.flatMap((round) => round.asked[i] ?? []);
    if (asked.every((one) => faultsOf(one, service).length === 0)) return [];
    return [{ service, silent: asked.flatMap(({ answers }) => silentIn(answers, service)) }];
  });

const silentIn = (answers: Asked['answers'], service: ServiceSpec | undefined): string[] =>
  serving(service).filter((name) => !answers.some((one) => one.server === name));

/** What was seen to be wrong behind services; none where everything looked sound. */
function whyTroubled(looks: readonly LookedBehind[], spec: LabSpec): Why | undefined {
  const whys = looks.flatMap(({ service: name, look, silent }) => {
    const service = spec.services.find((one) => serviceName(one) === name);
    return (service && whySeen(spec, service, look, silent)) ?? [];
  });
  if (whys.length === 0) return undefined;
  const first = [...new Map(whys.map((why) => [why.cause, why])).values()];
  return { cause: first.map(({ cause }) => cause).join('; '), remedy: first.flatMap(({ remedy }) => remedy) };
}

/** Real servers whose turn it was, and that never answered: also those that health checks took out. */
export const refutedBy = (rounds: Round[], spec: LabSpec): Refutation[] =>
  spec.services.flatMap((service, i) => {
    const answers = rounds.flatMap(({ asked }) => asked[i]?.answers ?? []);
    const hosts = silentIn(answers, service);
    if (!inTurn(service) || answers.length < service.realServers.length || hosts.length === 0) return [];
    return [{ precondition: 'allServersAnswer', hosts, of: serviceName(service) }];
  });

/** Judges what happened to the requests of some rounds, and to echoes. Pure. */
export function judgeRounds(
  rounds: Round[],
  echoes: Echoes[],
  spec: LabSpec,
  looks: readonly LookedBehind[] = [],
): Judgement {
  const requests = rounds.reduce((sum, { asked }) => sum + asked.flatMap((one) => one.answers).length, 0);
  const expected = `${requests} of ${requests} requests answered in full by the real servers of their service, nothing sent twice, no echo lost`;
  if (requests === 0) return inconclusive(expected, 'no request was made');
  const wrong = rounds.flatMap(({ asked }) =>
    asked.flatMap((one, i) => {
      const service = spec.services[i];
      return service ? faultsOf(one, service) : [];
    }),
  );
  const repeats = rounds.every((round) => round.repeated.length > 0)
    ? describe(rounds.flatMap((round) => round.repeated))
    : [];
  const lost = echoFaults(echoes);
  const seen = [...new Set([...wrong, ...repeats, ...lost.map((one) => one.seen)])];
  if (seen.length > 0) {
    const hosts = wrong.length + repeats.length > 0 ? suspects(rounds, spec) : lost.map(({ host }) => host);
    const servers = list(hosts);
    const why = whyTroubled(looks, spec);
    if (why) return fail(expected, seen.join('; '), why);
    return fail(expected, seen.join('; '), {
      cause: `packets are lost, copied or sent elsewhere at ${servers}, on the way to it, or in the table of the director`,
      remedy: toTellApart([
        ...on(
          [...hosts, ...everyHost(spec, 'director')],
          'iptables-save',
          'tc -s qdisc show',
          filtersOn(spec, 'ingress'),
          'ip rule',
          'ip neigh',
          'ip addr show',
        ),
        ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
      ]),
    });
  }
  const servers = new Set(
    rounds.flatMap(({ asked }) => asked.flatMap((one) => one.answers.map((a) => a.server ?? ''))),
  );
  return pass(
    expected,
    `${requests} were, by ${list(servers)}; ${echoesText(echoes, spec)}${rounds.length > 1 ? `; what ${rounds.length - 1} rounds saw sent twice did not come back` : ''}`,
  );
}

/** Whether all real servers get their share, whatever else the client asks. */
const inTurn = ({ scheduler, persistenceS }: ServiceSpec): boolean =>
  persistenceS === 0 && (scheduler === 'rr' || scheduler === 'wrr');

function faultsOf({ service: title, answers }: Asked, service: ServiceSpec): string[] {
  const faults: string[] = [];
  const names = serving(service);
  const failed = answers.filter((one) => !one.ok);
  const answered = (name: string): number => answers.filter((one) => one.server === name).length;
  const silent = names.filter((name) => answered(name) === 0);
  if (failed.length > 0) {
    const fewest = names.toSorted((a, b) => answered(a) - answered(b))[0];
    const whose =
      silent.length > 0 ? `no answer came from ${list(silent)}` : `the fewest answers came from ${fewest}`;
    faults.push(
      `${title}: ${failed.length} of ${count(answers.length, 'request')} failed (${list(failed.map((one) => one.error ?? 'no answer'))}); ${whose}`,
    );
  } else if (inTurn(service) && answers.length >= names.length && silent.length > 0)
    faults.push(`${title}: none of ${count(answers.length, 'request')} went to ${list(silent)}`);
  const unknown = answers.filter((one) => one.server !== undefined && !names.includes(one.server));
  if (unknown.length > 0)
    faults.push(
      `${title}: ${unknown.length} answers from ${list(unknown.map((one) => one.server ?? ''))}, which the lab file does not have there`,
    );
  return faults;
}

function describe(repeated: Repeated[]): string[] {
  const whose = (some: Repeated[]): string => list(some.map((one) => one.server ?? 'no real server'));
  const say = (some: Repeated[], verb: string): string[] =>
    some.length === 0
      ? []
      : [
          `${list(some.map((one) => `${one.what} of ${one.sender}`))} ${verb} (${some.reduce((sum, one) => sum + one.times, 0)} times), in connections of ${whose(some)}`,
        ];
  return [
    ...say(
      repeated.filter((one) => !one.copied),
      'sent again',
    ),
    ...say(
      repeated.filter((one) => one.copied),
      'came twice',
    ),
  ];
}

/** Names of the real servers that the trouble is about, or all. */
function suspects(rounds: Round[], spec: LabSpec): string[] {
  const repeating = rounds.flatMap(({ repeated }) => repeated.flatMap((one) => one.server ?? []));
  const silent = rounds.flatMap(({ asked }) =>
    asked.flatMap(({ answers }, i) => silentIn(answers, spec.services[i])),
  );
  const named = [...silent, ...repeating];
  return named.length > 0 ? named : spec.services.flatMap(serving);
}

const serving = (service?: ServiceSpec): string[] =>
  (service?.realServers ?? []).filter((one) => one.weight > 0).map((one) => one.name);

import type { Judgement } from '../../../src/model/check.ts';
import { type Refutation, serviceName } from '../../../src/model/preconditions.ts';
import { eachOnce } from '../../../src/model/remedy.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import type { Answer } from '../../../src/probe/client/prober.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import type { Look, Why } from '../../common/looking/look.ts';
import { whyUnanswered } from '../../common/looking/why.ts';
import { advice, everyHost, on, toTellApart } from '../../common/remedy.ts';
import { list } from '../../common/subjects.ts';

/** What answers to connections say of services, and of what other checks presume. Pure. */

export interface Asked {
  answers: Answer[];
  /** Where some were not answered as they should be. */
  look?: Look;
}

const namesOf = ({ realServers }: ServiceSpec): string[] => realServers.map(({ name }) => name);

export function badOf(service: ServiceSpec, answers: Answer[]): Answer[] {
  const names = namesOf(service);
  return answers.filter((answer) => !answer.ok || !names.includes(answer.server ?? ''));
}

/** Real servers that no good answer came from. */
export const silentOf = (service: ServiceSpec, answers: Answer[]): string[] =>
  namesOf(service).filter((name) => answers.every(({ server }) => server !== name));

interface OfService {
  service: ServiceSpec;
  asked: Asked;
}

/** The first is the service that the check is about; of the others of its VIP only what is wrong is told. */
export function judgeAnswers(spec: LabSpec, all: [OfService, ...OfService[]]): Judgement {
  const [{ service, asked }, ...others] = all;
  const names = namesOf(service);
  const expected = `${asked.answers.length} of ${asked.answers.length} connections answered by ${list(names)}${besideText(others)}`;
  if (asked.answers.length === 0) return inconclusive(expected, 'no connection was tried');
  const own = faultOf(spec, service, asked);
  const faults = others.flatMap((one) => {
    const fault = faultOf(spec, one.service, one.asked);
    return fault ? [{ ...fault, at: `port ${one.service.port}: ` }] : [];
  });
  const found = [...(own ? [{ ...own, at: '' }] : []), ...faults];
  const [first] = found;
  if (!first)
    return pass(
      expected,
      `${asked.answers.length} were, by ${list(asked.answers.map(({ server }) => server ?? ''))}${besideText(others)}`,
    );
  const causes = found.filter(({ why }, i) => found.findIndex((one) => one.why.cause === why.cause) === i);
  return {
    ...fail(expected, found.map(({ at, seen }) => `${at}${seen}`).join('; '), {
      cause: causes.map(({ at, why }) => `${at}${why.cause}`).join('; '),
      remedy: eachOnce(found.flatMap(({ why }) => why.remedy)),
    }),
    refutes: found.flatMap(({ refutes }) => refutes),
  };
}

const besideText = (others: OfService[]): string =>
  others.map(({ service, asked }) => `, and ${asked.answers.length} at port ${service.port}`).join('');

/** What is wrong with one service, if anything. */
function faultOf(
  spec: LabSpec,
  service: ServiceSpec,
  { answers, look }: Asked,
): { seen: string; why: Why; refutes: Refutation[] } | undefined {
  const bad = badOf(service, answers);
  if (bad.length === 0) return undefined;
  const silent = silentOf(service, answers);
  const why =
    byStranger(bad, everyHost(spec, 'director')) ??
    (look ? whyUnanswered(spec, service, look, silent) : whyByAnswers(service, bad, silent));
  return {
    seen: `${bad.length} of ${answers.length} were not: ${list(bad.map(failureText))}; no answer ever came from ${list(silent)}`,
    why,
    refutes: refutedBy(spec, service, { silent, look, cause: why.cause }),
  };
}

/** Where no server was silent, connections were lost at random, and each server can be judged. */
function refutedBy(
  spec: LabSpec,
  service: ServiceSpec,
  { silent, look, cause }: { silent: string[]; look: Look | undefined; cause: string },
): Refutation[] {
  if (silent.length === 0) return [];
  const all = silent.length === service.realServers.length;
  const words = new Set(cause.split(/[^\w-]+/));
  const named = hostsOf(spec, 'director').flatMap(({ name }) => (words.has(name) ? [name] : []));
  const hosts = all && named.length > 0 ? named : silent;
  const deaf = look?.servers.flatMap(({ server, hasVip }) => (hasVip ? [] : [server])) ?? [];
  // Without the VIP a server answers for none of its services.
  const of = silent.every((name) => deaf.includes(name)) ? service.vip : serviceName(service);
  const one = { hosts, of };
  return [
    ...(all ? [{ precondition: 'serviceAnswers', ...one } as const] : []),
    { precondition: 'allServersAnswer', ...one },
  ];
}

const failureText = ({ error, status, server }: Answer): string =>
  status === undefined ? (error ?? `answered by ${server}`) : `${error} (HTTP ${status})`;

/** Answered well, each of them, and by somebody else. */
function byStranger(bad: Answer[], directors: string[]): Why | undefined {
  if (bad.some(({ ok }) => !ok)) return undefined;
  const others = list(bad.map(({ server }) => server ?? ''));
  return {
    cause: `${others} is no real server of the service, and answers: the table of the director names it, or it answers for the VIP`,
    remedy: toTellApart([...on(directors, 'ipvsadm -Ln'), ...advice('see ARP-01')]),
  };
}

/** Where nobody looked any further. */
function whyByAnswers({ vip, port }: ServiceSpec, bad: Answer[], silentHosts: string[]): Why {
  const silent = list(silentHosts);
  const remedy = toTellApart(
    on(silentHosts, `ip addr show to ${vip}`, 'ss -ltn', 'iptables -vnL', `curl -i http://${vip}:${port}/`),
  );
  if (bad.some(({ error }) => error === 'refused'))
    return {
      cause: `a service on ${silent} does not listen on the VIP, or a filter rejects its packets`,
      remedy,
    };
  if (bad.some(({ error }) => error === 'wrong-answer'))
    return {
      cause: `${silent} listens on the VIP and does not answer as a real server of the lab does`,
      remedy,
    };
  return { cause: `${silent} does not have the VIP as a local address, or drops its packets`, remedy };
}

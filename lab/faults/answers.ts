import type { FaultSpec, Requesters } from '../../src/model/fault.ts';
import { hostSpec, hostsOf, serversOf } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import type { Misconduct } from '../servers/conduct.ts';
import { type Asked, ask } from './ask.ts';
import type { Fault } from './fault.ts';
import { worksOf } from './link.ts';
import type { Parts } from './parts.ts';
import { killService, restartService } from './service.ts';

type AnswerFault = Extract<FaultSpec, { kind: 'slowAnswers' | 'errorAnswers' | 'hang' }>;
type ServiceDead = Extract<FaultSpec, { kind: 'serviceDead' }>;

/** For an answer that should come at once. */
const patienceMs = 1_000;

/** The real server's own program behaves badly: toward everyone, or toward the addresses of the directors. */
export function badAnswers(spec: AnswerFault, parts: Parts): Fault {
  const works = worksOf(parts);
  const misconduct = misconductOf(spec, directorAddresses(parts));
  return {
    apply: () => works.behave(spec.host, misconduct),
    async verify() {
      const limitMs = patienceMs + (misconduct.delayMs ?? 0);
      const asked = await askFrom(parts, spec.host, spec.requesters, limitMs);
      return evidence(spec.host, asked, isBad(spec, asked));
    },
    revert: () => works.behave(spec.host, undefined),
  };
}

export const serviceDead = ({ host }: ServiceDead, parts: Parts): Fault => ({
  apply: () => killService(parts, host),
  async verify() {
    const asked = await askFrom(parts, host, 'everyone', patienceMs);
    return evidence(host, asked, asked.outcome === 'refused');
  },
  revert: () => restartService(parts, host),
});

export function misconductOf(spec: AnswerFault, directors: string[]): Misconduct {
  const clients = spec.requesters === 'directors' ? { clients: directors } : {};
  switch (spec.kind) {
    case 'slowAnswers':
      return { delayMs: spec.delayMs, ...clients };
    case 'errorAnswers':
      return { status: spec.status, ...clients };
    case 'hang':
      return { hang: true, ...clients };
  }
}

function isBad(spec: AnswerFault, asked: Asked): boolean {
  switch (spec.kind) {
    case 'slowAnswers':
      return asked.tookMs >= spec.delayMs;
    case 'errorAnswers':
      return asked.status === spec.status;
    case 'hang':
      return asked.outcome === 'unanswered';
  }
}

const directorAddresses = ({ spec }: Parts): string[] =>
  hostsOf(spec, 'director').flatMap(({ ip, ip6, addresses = [] }) => [
    ip,
    ...addresses.map((address) => address.split('/')[0] ?? ''),
    ...(ip6 ? [ip6.address] : []),
  ]);

/** One request to the RIP, as a health check would make it. */
async function askFrom(
  parts: Parts,
  server: string,
  requesters: Requesters,
  limitMs: number,
): Promise<Asked> {
  const roles = requesters === 'directors' ? (['director'] as const) : (['client', 'director'] as const);
  const near = roles.flatMap((role) => hostsOf(parts.spec, role)).filter((host) => isOnLan(parts.spec, host));
  const requester = near.find(({ name }) => name !== server);
  if (!requester) throw new Error(`nobody is there to ask ${server}`);
  const service = parts.spec.services.find(
    (one) => one.protocol === 'tcp' && serversOf(one).includes(server),
  );
  const target = { address: hostSpec(parts.spec, server).ip, port: service?.port ?? 0 };
  return ask(parts.host(requester.name), target, limitMs);
}

function evidence(server: string, asked: Asked, happened: boolean) {
  const { outcome, status, tookMs } = asked;
  const what = outcome === 'answered' ? `was answered with ${status}` : `was ${outcome}`;
  return { happened, sentence: `a request to ${server} ${what} after ${tookMs} ms`, data: { ...asked } };
}

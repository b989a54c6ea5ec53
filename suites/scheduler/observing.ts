import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { type Answer, type Prober, proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { withBorrowedAddresses } from '../common/borrowed.ts';
import { clientAddresses } from '../common/stages.ts';
import { clientOf } from '../common/subjects.ts';
import { refused, type Server } from './oracle/server.ts';
import { directorOf } from './stage.ts';

/** One service before the first connection of a check: the scheduler and the counts that it starts from. */
export interface Start {
  scheduler: string;
  /** In the kernel's order. */
  servers: Server[];
  /** In whose table, where that was not the first director's. */
  on?: string;
}

export const director = (lab: Lab) => lab.host(directorOf(lab.spec));

/** The prober of the client that has the many addresses; in the lab as written of the first one. */
export function prober(lab: Lab): Promise<Prober> {
  const { spec } = lab;
  const many = hostsOf(spec, 'client').find((host) => isOnLan(spec, host));
  return proberOn(lab, spec.stage === undefined ? clientOf(spec).name : (many?.name ?? ''));
}

export const nameOf = (spec: LabSpec, ip: string): string =>
  spec.hosts.find((host) => host.ip === ip)?.name ?? ip;

/** @throws {CannotHere} when the kernel lacks the scheduler that the service should have. */
export async function startOf(lab: Lab, service: ServiceSpec): Promise<Start> {
  if (lab.spec.stage === undefined) {
    const on = await activeDirector(lab, service.vip);
    const { scheduler, servers } = await ipvs.table(lab.host(on), service);
    return { scheduler, servers: serversOf(lab.spec, { servers }), on };
  }
  const { scheduler, servers } = await ipvs.table(director(lab), service);
  if (scheduler !== service.scheduler) await needScheduler(lab, service);
  return { scheduler, servers: serversOf(lab.spec, { servers }) };
}

/** With names, and in the kernel's order. */
export const serversOf = (spec: LabSpec, table: Pick<ipvs.Table, 'servers'> = { servers: [] }): Server[] =>
  table.servers.map((one) => ({ name: nameOf(spec, one.ip), ...one }));

/**
 * Asks the kernel itself, by a service that nobody uses and that is gone at once.
 * @throws {CannotHere} with what ipvsadm says.
 */
export async function needScheduler(lab: Lab, { scheduler, vip }: ServiceSpec): Promise<void> {
  const trial = entryOf({ protocol: 'tcp', vip, port: 1 });
  const { code, stderr } = await director(lab).exec(
    `ipvsadm -A ${trial} -s ${scheduler} && ipvsadm -D ${trial}`,
    { okCodes: [0, 1, 2, 255] },
  );
  if (code !== 0)
    throw new CannotHere(`the kernel of ${directorOf(lab.spec)} has no ip_vs_${scheduler}: ${stderr.trim()}`);
}

/** «rs2»; `refused` and other errors as they are called. */
export const who = ({ server, error }: Answer): string => server ?? error ?? refused;

export const all = (answers: Answer[]): string[] => answers.map(who);

/** One connection: where it came from, and who answered. */
export interface Hashed {
  from: string;
  port: number;
  to: string;
}

/** One connection from each of `count` addresses of the client: those that a stage gave it, else borrowed ones. */
export const fromEach = (lab: Lab, service: ServiceSpec, count = 64): Promise<Hashed[]> =>
  lab.spec.stage === undefined
    ? withBorrowedAddresses(lab, count, (from) => fromThese(lab, service, from))
    : fromThese(lab, service, clientAddresses(lab.spec).slice(1, 1 + count));

async function fromThese(lab: Lab, service: ServiceSpec, from: string[]): Promise<Hashed[]> {
  const answers = await (await prober(lab)).requests(
    { ip: service.vip, port: service.port },
    { count: from.length, from, parallel: 8 },
  );
  return answers.map((answer, i) => ({ from: from[i] ?? '', port: answer.localPort, to: who(answer) }));
}

/** `count` connections from one address, each from a port of its own. */
export async function fromPorts(lab: Lab, service: ServiceSpec, count: number): Promise<Hashed[]> {
  const { spec } = lab;
  const [from = ''] = spec.stage === undefined ? [clientOf(spec).ip] : clientAddresses(spec).slice(1);
  const answers = await (await prober(lab)).requests(
    { ip: service.vip, port: service.port },
    { count, from: [from], parallel: 8 },
  );
  return answers.map((answer) => ({ from, port: answer.localPort, to: who(answer) }));
}

/** Sets the weight of one server of the service. */
export const weigh = (lab: Lab, service: ServiceSpec, server: string, weight: number) =>
  director(lab).exec(
    `ipvsadm -e ${entryOf(service)} ${destinationOf(lab.spec, service, server)} -g -w ${weight}`,
  );

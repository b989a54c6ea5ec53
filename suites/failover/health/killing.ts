import type { Observing } from '../../../src/model/check.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, isScheduledBy, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { withBorrowedAddresses } from '../../common/borrowed.ts';
import { clientOf, serviceOf, targetOf } from '../../common/subjects.ts';
import { Load, type LoadRecord, momentOf, pause, streamOf } from '../outage/load.ts';
import { detectionMs, slackMs } from './limits.ts';

export interface DeadServer {
  server: string;
  removed: boolean;
  returned: boolean;
  /** Answers of new connections by the server after its return. */
  answersAfterReturn: number;
  /** And by the server to clients that came only then, where the one of the load need not meet it. */
  answersToOthers?: number;
  record: LoadRecord;
}

export const died = 'service dies';
export const removed = 'removed';
export const revived = 'service returns';
export const readded = 'added again';

/** What the lab's own health checks may take. */
export function detectionLimitMs({ director: { healthCheck } }: LabSpec): number {
  if (!healthCheck) throw new Error('the lab has no health checks');
  return detectionMs(healthCheck);
}

async function inTable(lab: Lab, server: string): Promise<boolean> {
  const service = serviceOf(lab.spec, 'tcp');
  const director = lab.host(await activeDirector(lab, service.vip));
  const { ip } = hostSpec(lab.spec, server);
  const rules = await ipvs.rules(director);
  const rule = rules.find((one) => ipvs.isOf(one, service));
  return rule?.realServers.some((one) => one.ip === ip && one.weight > 0) ?? false;
}

/** Connections go to one real server after the other, whoever the client is. */
export const takesTurns = (service: ServiceSpec): boolean =>
  isScheduledBy(service, 'rr') || isScheduledBy(service, 'wrr');

/** Machines that exist are not sent so many connections. */
const isMade = (spec: LabSpec): boolean => driverTraitsOf(spec).existingHosts === undefined;

const newClients = 24;
const connections = 200;

/**
 * Connections that broke with the server still count as active where the director saw no end of them, as under DR (Linux
 * ip_vs_proto_tcp.c: SYN_RECV for 60 s, ESTABLISHED for 15 min). Least-connection schedulers give it none before others have as many, at
 * 256 for an active one; so these are opened until there is an answer by the server, or for this long.
 */
const askingMs = 65_000;
const pauseMs = 1_000;

async function answersToNewClients(lab: Lab, server: string): Promise<number> {
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  return withBorrowedAddresses(lab, newClients, (addresses) => {
    const from = Array.from({ length: connections }, (_, i) => addresses[i % addresses.length] ?? '');
    const asked = async (): Promise<number | undefined> => {
      const answers = await prober.requests(targetOf(serviceOf(lab.spec, 'tcp')), {
        ...{ count: from.length, from, parallel: 8, timeoutMs: 1_000 },
      });
      return answers.filter((answer) => answer.server === server).length || undefined;
    };
    return until(`${server} to answer`, asked, { withinMs: askingMs, everyMs: pauseMs }).catch(() => 0);
  });
}

/** Kills the service of the first real server under load, and starts it again where asked to. */
export async function killAndRevive(
  { lab, note, evidence }: Observing,
  revive: boolean,
): Promise<DeadServer> {
  const server = hostsOf(lab.spec, 'realServer')[0]?.name ?? '';
  const withinMs = detectionLimitMs(lab.spec) + slackMs + 3_000;
  const capture = await lab.capture({
    filter: 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0',
    snapLengthBytes: 96,
  });
  const load = await Load.start(lab);
  const waitFor = (label: string, want: boolean): Promise<boolean> =>
    load.see(label, () =>
      until(`${server} ${label}`, async () => ((await inTable(lab, server)) === want ? true : undefined), {
        withinMs,
      }).catch(() => false),
    );
  note(`killing the service of ${server} under load`);
  await load.act(died, () => lab.faults.killService(server));
  const wasRemoved = await waitFor(removed, false);
  await pause(1_500);
  let returned = false;
  if (revive && wasRemoved) {
    note(`restarting the service of ${server}`);
    await load.act(revived, () => lab.faults.restartService(server));
    returned = await waitFor(readded, true);
    await pause(1_500);
  }
  const record = await load.stop();
  const answersToOthers =
    returned && !takesTurns(serviceOf(lab.spec, 'tcp')) && isMade(lab.spec)
      ? await answersToNewClients(lab, server)
      : undefined;
  await evidence.save('handshakes.pcap', await capture.stop());
  const director = await activeDirector(lab, serviceOf(lab.spec, 'tcp').vip);
  await evidence.save(`ipvs-${director}.txt`, await ipvs.text(lab.host(director)));
  const since = momentOf(record, readded)?.toMs ?? Number.POSITIVE_INFINITY;
  const fresh = streamOf(record, 'new connections')?.points ?? [];
  const answersAfterReturn = fresh.filter((point) => point.tMs > since && point.server === server).length;
  return {
    ...{ server, removed: wasRemoved, returned, answersAfterReturn, record },
    ...(answersToOthers !== undefined && { answersToOthers }),
  };
}

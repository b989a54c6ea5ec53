import type { Observing } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { serviceOf } from '../../common/subjects.ts';
import { Load, type LoadRecord, momentOf, pause, streamOf } from '../outage/load.ts';
import { detectionMs, slackMs } from './limits.ts';

export interface DeadServer {
  server: string;
  removed: boolean;
  returned: boolean;
  /** Answers of new connections by the server after its return. */
  answersAfterReturn: number;
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
  const rule = rules.find(
    (one) => one.vip === service.vip && one.port === service.port && one.protocol === 'tcp',
  );
  return rule?.realServers.some((one) => one.ip === ip && one.weight > 0) ?? false;
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
  await evidence.save('handshakes.pcap', await capture.stop());
  const director = await activeDirector(lab, serviceOf(lab.spec, 'tcp').vip);
  await evidence.save(`ipvs-${director}.txt`, await ipvs.text(lab.host(director)));
  const since = momentOf(record, readded)?.toMs ?? Number.POSITIVE_INFINITY;
  const fresh = streamOf(record, 'new connections')?.points ?? [];
  const answersAfterReturn = fresh.filter((point) => point.tMs > since && point.server === server).length;
  return { server, removed: wasRemoved, returned, answersAfterReturn, record };
}

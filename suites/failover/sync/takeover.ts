import type { Lab } from '../../../src/model/lab.ts';
import { deviceOf, type HostSpec } from '../../../src/model/spec.ts';
import type { Answer } from '../../../src/probe/client/prober.ts';
import { arpRequest } from '../../../src/probe/craft.ts';
import { inject } from '../../../src/probe/inject.ts';
import { neighbour } from '../../../src/probe/neighbour.ts';
import { until } from '../../../src/util/until.ts';
import { clientOf, gatewayOf } from '../../common/subjects.ts';
import { directorsOf } from './stage.ts';

/** Takes the VIP from one director and gives it to another, which announces it by gratuitous ARP, as VRRP does. */
export async function moveVip(lab: Lab, from: HostSpec, to: HostSpec): Promise<void> {
  const { vip } = directorsOf(lab.spec);
  const requester = gatewayOf(lab.spec, clientOf(lab.spec));
  await lab.host(from.name).exec(`ip addr del ${vip}/32 dev ${deviceOf(from)} || :`);
  await lab.host(to.name).exec(`exec ip addr replace ${vip}/32 dev ${deviceOf(to)}`);
  await until(
    `${requester.name} to have ${vip} at the MAC of ${to.name}`,
    async () => {
      const announcement = arpRequest({ senderMac: to.mac, senderIp: vip, targetIp: vip });
      await inject(lab.host(to.name), [announcement], { device: deviceOf(to) });
      const mac = (await neighbour(lab.host(requester.name), vip))?.mac;
      return mac === undefined || mac === to.mac ? true : undefined;
    },
    { withinMs: 5_000 },
  );
}

/** Runs this while the standby holds the VIP, and gives it back afterwards. */
export async function takenOver<T>(lab: Lab, what: () => Promise<T>): Promise<T> {
  const { active, standby } = directorsOf(lab.spec);
  try {
    await moveVip(lab, active, standby);
    return await what();
  } finally {
    await moveVip(lab, standby, active);
  }
}

/** An answer as observations keep it. */
export interface Said {
  port: number;
  server?: string;
  error?: string;
}

export const saidBy = (answers: Answer[]): Said[] =>
  answers.map(({ ok, server, error, localPort }) => ({
    port: localPort,
    ...(ok && server ? { server } : { error: error ?? 'no answer' }),
  }));

/** «rs3 rs2 reset», in the order of the connections. */
export const wordsOf = (said: Said[]): string => said.map(({ server, error }) => server ?? error).join(' ');

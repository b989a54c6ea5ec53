import type { Evidence } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { clientOf, realServersOf, senderTo, serviceOf } from '../../common/subjects.ts';
import { type SynAnswer, sendSyns } from '../../common/syns.ts';

export interface Knock {
  sent: number;
  /** Real servers by what they answered to a SYN for the VIP in a frame of their own. */
  answers: { host: string; kind: 'syn-ack' | 'reset' | 'none' }[];
}

/** Every real server of the service with a TCP port. */
export async function knock(lab: Lab, evidence: Evidence): Promise<Knock> {
  const service = serviceOf(lab.spec, 'tcp');
  const source = clientOf(lab.spec);
  const syns = realServersOf(lab.spec, service).map((server, index) => ({
    ...{ sender: senderTo(lab.spec, source, server), source, server, ip: service.vip, port: service.port },
    srcPort: craftedPort.knock + index,
  }));
  const { sent, answerTo } = await sendSyns(lab, syns, 'knock', evidence);
  return { sent, answers: syns.map((syn) => ({ host: syn.server.name, kind: kinds[answerTo(syn)] })) };
}

/** A server that is no host of the VIP may say by ICMP that it cannot be reached. */
const kinds = {
  accepted: 'syn-ack',
  refused: 'reset',
  unreachable: 'none',
  none: 'none',
} as const satisfies Record<SynAnswer, string>;

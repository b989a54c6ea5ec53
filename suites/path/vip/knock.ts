import type { Evidence } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { type Look, lookBehind } from '../../common/looking/look.ts';
import { clientOf, realServersOf, senderTo, serviceOf } from '../../common/subjects.ts';
import { type SynAnswer, sendSyns } from '../../common/syns.ts';

export interface Knock {
  sent: number;
  /** Real servers by what they answered to a SYN for the VIP in a frame of their own. */
  answers: { host: string; kind: Answered }[];
  /** What lies behind those that answered as was suspected. */
  look?: Look;
}

type Answered = 'syn-ack' | 'reset' | 'none';

export const hostsThat = ({ answers }: Pick<Knock, 'answers'>, kind: Answered): string[] =>
  answers.flatMap((one) => (one.kind === kind ? [one.host] : []));

/**
 * Every real server of the service with a TCP port.
 * @param suspect an answer that is wrong for the check
 */
export async function knock(lab: Lab, evidence: Evidence, suspect: Answered): Promise<Knock> {
  const service = serviceOf(lab.spec, 'tcp');
  const source = clientOf(lab.spec);
  const syns = realServersOf(lab.spec, service).map((server, index) => ({
    ...{ sender: senderTo(lab.spec, source, server), source, server, ip: service.vip, port: service.port },
    srcPort: craftedPort.knock + index,
  }));
  const { sent, answerTo } = await sendSyns(lab, syns, 'knock', evidence);
  const answers = syns.map((syn) => ({ host: syn.server.name, kind: kinds[answerTo(syn)] }));
  const suspects = hostsThat({ answers }, suspect);
  return { sent, answers, ...(suspects.length > 0 && { look: await lookBehind(lab, service, suspects) }) };
}

/** A server that is no host of the VIP may say by ICMP that it cannot be reached. */
const kinds = {
  accepted: 'syn-ack',
  refused: 'reset',
  unreachable: 'none',
  none: 'none',
} as const satisfies Record<SynAnswer, string>;

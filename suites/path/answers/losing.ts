import type { Evidence } from '../../../src/model/check.ts';
import { destinationOf, entryOf } from '../../../src/model/ipvs-words.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { serviceName } from '../../../src/model/preconditions.ts';
import { hostsOf, type ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, type Prober, proberOn } from '../../../src/probe/client/prober.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { CannotHere } from '../../../src/util/errors.ts';
import { functional } from '../../common/coassert.ts';
import { onServerElsewhere } from '../../common/elsewhere.ts';
import { inconclusive } from '../../common/judging.ts';
import { lookBehind } from '../../common/looking/look.ts';
import { onDirectors, onFirstServer } from '../../common/mutate.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everyClient } from '../../common/vantages.ts';
import { type Echoes, echoesOf } from './echoes.ts';
import { type Asked, judgeRounds, type LookedBehind, type Round, refutedBy, troubled } from './losses.ts';
import { repeatsIn } from './repeats.ts';

/** Below a segment of any MTU from 1280 on, so that no sender waits with a second one for a delayed ACK. */
const payloadBytes = 1_100;
const maxRounds = 3;
/** Requests of a service at a time; with the timeout it bounds how long a dead lab takes. */
const parallel = 8;
const timeoutMs = 3_000;
/** A sender repeats its last segment no sooner than the smallest RTO of Linux, 200 ms. */
const againMs = 400;

/** Eight for each real server, as far as that is bearable; at least one whole turn of their weights. */
const howMany = ({ realServers }: ServiceSpec): number => {
  const turn = realServers.reduce((sum, { weight }) => sum + weight, 0);
  return Math.max(Math.min(8 * realServers.length, 48), Math.min(turn, 200));
};

async function ask(prober: Prober, service: ServiceSpec): Promise<Answer[]> {
  const count = howMany(service);
  if (service.protocol === 'tcp') {
    const path = `/?bytes=${payloadBytes}&pad=${'x'.repeat(payloadBytes)}`;
    return prober.requests(targetOf(service), { count, parallel, timeoutMs, path });
  }
  const each = Math.ceil(count / parallel);
  const options = { count: each, sockets: each, payloadBytes, timeoutMs };
  const some = Array.from({ length: parallel }, () => prober.datagrams(targetOf(service), options));
  return (await Promise.all(some)).flat();
}

/**
 * A connection for each real server from each of 64 parts of the client's ports, which a filter may tell apart; the
 * others come from a few ports in a row. Where in the part changes with the time, so that no old entry is met.
 */
async function askFromEverywhere(prober: Prober, services: ServiceSpec[], asked: Asked[]): Promise<void> {
  const index = services.findIndex(({ protocol }) => protocol === 'tcp');
  const service = services[index];
  if (service === undefined) return;
  const count = Math.min(service.realServers.length, 4);
  const offset = Math.floor(Date.now() / 250) % 250;
  // All of them below those of crafted segments.
  const blocks = Array.from({ length: 64 }, (_, block) => 1024 + block * 990 + offset * 4);
  for (const fromPort of blocks) {
    const answers = await prober.requests(targetOf(service), { count, parallel: count, fromPort, timeoutMs });
    asked[index]?.answers.push(...answers.filter(({ error }) => error !== 'local-port').map(short));
    if (answers.some(({ error }) => error === 'timeout')) return;
  }
}

const short = ({ ok, server, error, bytes }: Answer): Asked['answers'][number] => ({
  ok,
  bytes,
  ...(server && { server }),
  ...(error && { error }),
});

async function oneRound(lab: Lab, prober: Prober, evidence: Evidence, round: number): Promise<Round> {
  const client = clientOf(lab.spec);
  const capture = await lab.capture({
    filter: `(tcp or udp) and host ${client.ip}`,
    snapLengthBytes: 128,
  });
  const one = async (service: ServiceSpec): Promise<Asked> => ({
    service: serviceName(service),
    answers: (await ask(prober, service)).map(short),
  });
  const asked = await Promise.all(lab.spec.services.map(one));
  const silent = asked.some(({ answers }) => answers.some(({ error }) => error === 'timeout'));
  // Where some do not answer whatever port is asked from, each of the parts would wait for them again.
  if (!silent) await askFromEverywhere(prober, lab.spec.services, asked);
  await new Promise((resolve) => setTimeout(resolve, againMs));
  const pcap = await capture.stop();
  await evidence.save(`round-${round}.pcap`, pcap);
  return { asked, ...repeatsIn(lab.spec, decodePcap(pcap)) };
}

/** Every request was answered, and yet something was sent twice. */
const doubtful = (round?: Round): boolean =>
  round !== undefined &&
  round.repeated.length > 0 &&
  round.asked.every(({ answers }) => answers.every(({ ok }) => ok));

/**
 * TCP hides what is lost: a connection that is answered after a second SYN looks like any other. So what senders
 * repeat is counted too. A machine that was late may make a sender repeat without need; that does not happen in
 * three rounds in a row, and only what shows in every round is a failure. What is lost rarely shows in echoes.
 */
interface Losing {
  echoes: Echoes[];
  rounds: Round[];
  /** Behind services whose requests failed, or did not go where they should. */
  looks?: LookedBehind[];
}

export const nothingIsLost = functional<Losing>({
  id: 'PP-26',
  suite: 'path',
  level: 'must',
  title: 'nothing is lost, repeated or misdelivered on any service',
  requirement:
    'Every connection and datagram, of every service, is answered once and in full by a real server that the lab file gives the service, without a segment sent twice; with rr and wrr every real server gets its share. Of hundreds of echoes of each host none is lost.',
  source: 'RFC 9293 §3.8.1; RFC 792; ipvsadm(8)',
  needs: ['capture', 'director'],
  vantages: everyClient,
  follows: ['serviceAnswers', 'allServersAnswer'],
  establishes: ['allServersAnswer'],
  mutants: [
    {
      id: 'syn-dropped',
      breaks: 'a rule on one real server drops every third SYN, which TCP hides',
      change: onFirstServer(
        () => 'iptables-legacy -I INPUT -p tcp --syn -m statistic --mode nth --every 3 --packet 0 -j DROP',
      ),
      reason: /SYN .*rs1/,
    },
    {
      id: 'large-dropped',
      breaks: 'a rule on one real server drops packets of more than 1000 bytes',
      change: onFirstServer(() => 'iptables-legacy -I INPUT -m length --length 1000:65535 -j DROP'),
      reason: /timeout.*rs1/,
    },
    {
      id: 'lossy-cable',
      breaks: 'a fifth of what one real server sends is lost',
      change: onFirstServer(() => 'tc qdisc add dev eth0 root netem loss 20%'),
      reason: /(sent again|timeout).*rs1/,
    },
    {
      id: 'one-in-a-hundred-lost',
      breaks: 'one in a hundred frames of what one real server sends is lost',
      change: onFirstServer(() => 'tc qdisc add dev eth0 root netem loss 1%'),
      reason: /echoes of rs1 were lost/,
    },
    {
      id: 'ports-refused',
      breaks: 'a rule on one real server refuses some of the ports that clients use',
      change: onFirstServer(
        () => 'iptables-legacy -I INPUT -p tcp --sport 40000:48000 -j REJECT --reject-with tcp-reset',
      ),
      reason: /refused.*rs1/,
    },
    {
      id: 'copied',
      breaks: 'a third of what one real server sends arrives twice',
      change: onFirstServer(() => 'tc qdisc add dev eth0 root netem duplicate 30%'),
      reason: /came twice.*rs1/,
    },
    {
      id: 'left-out',
      breaks: 'one real server is not in the table of the director',
      change: onDirectors((spec) => {
        const service = serviceOf(spec, 'tcp');
        return `ipvsadm -d ${entryOf(service)} ${destinationOf(spec, service, service.realServers[0]?.name ?? '')}`;
      }),
      reason: /none .*rs1/,
    },
    {
      id: 'fin-dropped',
      breaks: 'a rule on one real server drops segments with FIN, so that it never learns of the end',
      change: onFirstServer(() => 'iptables-legacy -I INPUT -p tcp --tcp-flags FIN FIN -j DROP'),
      reason: /FIN of c1.*sent again.*rs1/,
    },
    onServerElsewhere(
      {
        id: 'syn-of-one-dropped',
        breaks: 'a rule on one real server drops every third SYN of one client',
        reason: /SYN .*rs1/,
      },
      (_, { ip }) =>
        `iptables-legacy -I INPUT -s ${ip} -p tcp --syn -m statistic --mode nth --every 3 --packet 0 -j DROP`,
    ),
  ],
  async observe({ lab, evidence }) {
    const lossy = lab.spec.hosts.find(({ link }) => link && (link.lossPercent > 0 || link.rateBitPerS > 0));
    if (lossy) throw new CannotHere(`the lab file wants a link of ${lossy.name} that loses packets`);
    const echoes = await echoesOf(lab);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const rounds: Round[] = [];
    do rounds.push(await oneRound(lab, prober, evidence, rounds.length + 1));
    while (rounds.length < maxRounds && doubtful(rounds.at(-1)));
    const looks = await Promise.all(
      troubled(rounds, lab.spec).map(async ({ service, silent }) => ({
        ...{ service: serviceName(service), silent },
        look: await lookBehind(lab, service, silent),
      })),
    );
    return { echoes, rounds, ...(looks.length > 0 && { looks }) };
  },
  judge({ echoes, rounds, looks = [] }, { spec }) {
    if (!rounds.some((round) => round.frames > 0))
      return inconclusive(
        `every request answered by ${list(hostsOf(spec, 'realServer').map(({ name }) => name))}`,
        'no frame of the client was captured',
      );
    const judgement = judgeRounds(rounds, echoes, spec, looks);
    const refutes = judgement.verdict === 'fail' ? refutedBy(rounds, spec) : [];
    return refutes.length > 0 ? { ...judgement, refutes } : judgement;
  },
});

import { type Refutation, serviceName } from '../../../src/model/preconditions.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { functional } from '../../common/coassert.ts';
import { onSecondVip, routerPinned } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { type Look, lookBehind } from '../../common/looking/look.ts';
import { type Why, whyUnanswered } from '../../common/looking/why.ts';
import { firstServer, onDirectors, sysctls } from '../../common/mutate.ts';
import { advice, everyHost, on, toTellApart } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';

interface Answers {
  answers: Answer[];
  /** Where some were not answered as they should be. */
  look?: Look;
}

/** The black hole of DR: a real server without the VIP drops one connection in n, and nothing else shows it. */
export const everyConnectionAnswered = functional<Answers>({
  id: 'PP-16',
  suite: 'path',
  level: 'must',
  title: 'every connection is answered by a real server of the service',
  requirement:
    'No connection to the VIP is lost, refused or answered by a host that is no real server of the service.',
  source: 'LVS-HOWTO, LVS-DR; catalogue PP-16',
  needs: ['director'],
  vantages: everywhere('tcp'),
  establishes: ['serviceAnswers', 'allServersAnswer'],
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the VIP left out on one real server',
      change: firstServer({ vipDevice: 'none' }),
      reason: /rs1 does not have the VIP/,
    },
    {
      id: 'not-listening-on-vip',
      breaks: 'one real server listens on its RIP only',
      change: firstServer({ listenOn: 'rip' }),
      reason: /service on rs1 does not listen on the VIP/,
    },
    {
      id: 'arp-ignore-off',
      breaks: 'arp_ignore left at 0 on the real servers: every connection succeeds, bypassing the director',
      change: sysctls('realServer', {
        'net.ipv4.conf.all.arp_ignore': '0',
        'net.ipv4.conf.all.arp_announce': '0',
      }),
      reason: /director was bypassed: .* to rs\d/,
    },
    onSecondVip({
      id: 'service-missing',
      breaks: 'the director has lost a service',
      change: onDirectors((spec) => {
        const { vip, port } = serviceOf(spec, 'tcp');
        return `ipvsadm -D -t ${vip}:${port}`;
      }),
      reason: /refused/,
    }),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const count = Math.min(4 * service.realServers.length, 24);
    const answers = await prober.requests(targetOf(service), { count, parallel: 4, timeoutMs: 2_000 });
    for (const { name } of lab.spec.hosts.filter((host) => host.role === 'director'))
      if (!lab.lacks('ipvs')) await evidence.save(`ipvs-${name}.txt`, await ipvs.text(lab.host(name)));
    const names = service.realServers.map((server) => server.name);
    if (badOf(answers, names).length === 0) return { answers };
    return { answers, look: await lookBehind(lab, service, silentOf(answers, names)) };
  },
  judge({ answers, look }, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const names = service.realServers.map((server) => server.name);
    const expected = `${answers.length} of ${answers.length} connections answered by ${list(names)}`;
    if (answers.length === 0) return inconclusive(expected, 'no connection was tried');
    const bad = badOf(answers, names);
    if (bad.length === 0)
      return pass(
        expected,
        `${answers.length} were, by ${list(answers.map((answer) => answer.server ?? ''))}`,
      );
    const errors = list(bad.map(failureText));
    const silent = silentOf(answers, names);
    const why =
      byStranger(bad, everyHost(spec, 'director')) ??
      (look ? whyUnanswered(spec, service, look, silent) : whyByAnswers(service, bad, silent));
    return {
      ...fail(
        expected,
        `${bad.length} of ${answers.length} were not: ${errors}; no answer ever came from ${list(silent)}`,
        why,
      ),
      refutes: refutedBy(spec, service, { silent, look, cause: why.cause }),
    };
  },
});

const badOf = (answers: Answer[], names: string[]): Answer[] =>
  answers.filter((answer) => !answer.ok || !names.includes(answer.server ?? ''));

/** Real servers that no good answer came from. */
const silentOf = (answers: Answer[], names: string[]): string[] =>
  names.filter((name) => answers.every(({ server }) => server !== name));

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

interface Rounds {
  /** For each held connection the server of every answer, in order. */
  connections: { servers: string[]; errors: string[] }[];
}

/** Linux ip_vs_in(): conn_in_get() comes before ip_vs_schedule(). */
export const oneServerPerConnection = functional<Rounds>({
  id: 'PP-06',
  suite: 'path',
  level: 'must',
  title: 'all packets of a connection go to the same real server',
  requirement:
    'Scheduling happens once per connection; later packets follow the entry in the connection table.',
  source: 'Linux ip_vs_in(); ipvsadm(8)',
  needs: ['director', 'severalRealServers'],
  vantages: everywhere('tcp'),
  presumes: ['allServersAnswer'],
  mutants: [
    {
      id: 'entries-forgotten',
      breaks: 'a one-second TCP timeout with sloppy_tcp, so that idle connections are scheduled again',
      change: onDirectors(() => 'ipvsadm --set 1 1 1; echo 1 > /proc/sys/net/ipv4/vs/sloppy_tcp'),
      reason: /broke/,
    },
    routerPinned(/has a permanent neighbour entry/),
  ],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    // One more than whole rounds, so that anything scheduled again goes to another server than before.
    const held = await prober.hold(targetOf(service), { count: 2 * service.realServers.length + 1 });
    const rounds = [held.answers, await held.ask()];
    note('idle connections for 3 s');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    rounds.push(await held.ask(1_500));
    await held.close();
    return {
      connections: held.answers.map((_, index) => ({
        servers: rounds.flatMap((round) => round[index]?.server ?? []),
        errors: rounds.flatMap((round) => round[index]?.error ?? []),
      })),
    };
  },
  judge({ connections }, { spec }) {
    const expected =
      'each connection answered three times by one and the same real server, the last time after 3 s idle';
    const everAnswered = connections.filter((connection) => connection.servers.length > 0);
    if (everAnswered.length === 0) return inconclusive(expected, 'no connection was ever answered');
    const broken = everAnswered.filter(
      ({ servers, errors }) => errors.length > 0 || new Set(servers).size > 1 || servers.length < 3,
    );
    if (broken.length === 0 && everAnswered.length < connections.length)
      return inconclusive(
        expected,
        `${connections.length - everAnswered.length} of ${connections.length} were never answered`,
      );
    if (broken.length === 0) return pass(expected, `${connections.length} of ${connections.length} were`);
    return fail(
      expected,
      `${broken.length} of ${everAnswered.length} connections broke (${list(broken.flatMap((one) => one.errors))}) or moved`,
      {
        cause: 'the director forgets connections that are still in use, or forwards packet by packet',
        remedy: on(
          everyHost(spec, 'director'),
          'ipvsadm --set 900 120 300',
          'sysctl -w net.ipv4.vs.sloppy_tcp=0',
        ),
      },
    );
  },
});

import { bothFamilies } from '../../../src/model/family.ts';
import { entryOf } from '../../../src/model/ipvs-words.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { LabSpec, ServiceSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { functional } from '../../common/coassert.ts';
import { onSecondVip, routerPinned } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { lookBehind } from '../../common/looking/look.ts';
import { firstServer, onDirectors, onFirstServer, sysctls } from '../../common/mutate.ts';
import { everyHost, on, toTellApart } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { type Asked, badOf, judgeAnswers, silentOf } from './unanswered.ts';

interface Answers extends Asked {
  /** The same of the other services of the VIP, by their ports. */
  beside?: (Asked & { port: number })[];
}

/** A service that is dead on one port alone is dead for every check that asks for it. */
const mostBeside = 8;

const servicesBeside = (
  { services }: LabSpec,
  { protocol, vip, port, forward }: ServiceSpec,
): ServiceSpec[] =>
  services
    .filter(
      (one) => one.protocol === protocol && one.vip === vip && one.forward === forward && one.port !== port,
    )
    .slice(0, mostBeside);

/** So that each real server has a turn. */
const turnOf = ({ realServers }: ServiceSpec): number =>
  Math.max(
    2 * realServers.length,
    realServers.reduce((sum, { weight }) => sum + weight, 0),
  );

async function ask(lab: Lab, service: ServiceSpec, count: number): Promise<Asked> {
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const o = { count: Math.min(count, 24), parallel: 4, timeoutMs: 2_000 };
  const answers = await prober.requests(targetOf(service), o);
  if (badOf(service, answers).length === 0) return { answers };
  return { answers, look: await lookBehind(lab, service, silentOf(service, answers)) };
}

/** The black hole of DR: a real server without the VIP drops one connection in n, and nothing else shows it. */
export const everyConnectionAnswered = functional<Answers>({
  id: 'PP-16',
  suite: 'path',
  families: bothFamilies,
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
        return `ipvsadm -D ${entryOf(serviceOf(spec, 'tcp'))}`;
      }),
      reason: /refused/,
    }),
    {
      id: 'dropped-on-another-port',
      breaks: 'a rule on one real server drops what is for another port of the VIP',
      change: onFirstServer((spec) => {
        const [other] = servicesBeside(spec, serviceOf(spec, 'tcp'));
        if (!other) throw new NotInLab(`lab «${spec.name}» has no second TCP service on a VIP`);
        return `iptables-legacy -I INPUT -p tcp --dport ${other.port} -j DROP`;
      }),
      reason: /^port \d+: .*no answer ever came from rs1; port \d+: rs1 drops or rejects/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const others = servicesBeside(lab.spec, service);
    const [first, ...beside] = await Promise.all([
      ask(lab, service, 4 * service.realServers.length),
      ...others.map(async (one) => ({ port: one.port, ...(await ask(lab, one, turnOf(one))) })),
    ]);
    for (const { name } of lab.spec.hosts.filter((host) => host.role === 'director'))
      if (!lab.lacks('ipvs')) await evidence.save(`ipvs-${name}.txt`, await ipvs.text(lab.host(name)));
    return { ...first, ...(beside.length > 0 && { beside }) };
  },
  judge({ beside = [], ...first }, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const others = servicesBeside(spec, service).flatMap((one) => {
      const asked = beside.find(({ port }) => port === one.port);
      return asked ? [{ service: one, asked }] : [];
    });
    return judgeAnswers(spec, [{ service, asked: first }, ...others]);
  },
});

interface Rounds {
  /** For each held connection the server of every answer, in order. */
  connections: { servers: string[]; errors: string[] }[];
}

/** Linux ip_vs_in(): conn_in_get() comes before ip_vs_schedule(). */
export const oneServerPerConnection = functional<Rounds>({
  id: 'PP-06',
  suite: 'path',
  families: bothFamilies,
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
    // A slow service is no forgotten connection.
    const answered = rounds.flat().filter(({ ok }) => ok);
    const slowestMs = Math.max(0, ...answered.map(({ latencyUs }) => latencyUs)) / 1000;
    rounds.push(await held.ask(1_500 + 3 * slowestMs));
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
    const seen = `${broken.length} of ${everAnswered.length} connections broke (${list(broken.flatMap((one) => one.errors))}) or moved`;
    const silent = new Set(broken.flatMap(({ servers }) => servers));
    const onlySilent = broken.every(({ servers, errors }) => {
      return new Set(servers).size === 1 && errors.every((error) => error === 'timeout');
    });
    const [only = ''] = silent;
    if (onlySilent && silent.size === 1 && spec.hosts.some(({ name }) => name === only))
      return fail(expected, `${seen}, all of ${only}`, {
        cause: `${only} fell silent on connections that it had answered, as a service does that hangs or a filter that forgets; no other real server did`,
        remedy: [
          ...on(only, 'ss -tni', 'nft list ruleset', 'iptables -S'),
          ...toTellApart(on(everyHost(spec, 'director'), 'ipvsadm -Lnc')),
        ],
      });
    return fail(expected, seen, {
      cause: 'the director forgets connections that are still in use, or forwards packet by packet',
      remedy: on(
        everyHost(spec, 'director'),
        'ipvsadm --set 900 120 300',
        'sysctl -w net.ipv4.vs.sloppy_tcp=0',
      ),
    });
  },
});

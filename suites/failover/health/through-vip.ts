import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf, vipsOf } from '../../../src/model/spec.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { firstServer } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { list, targetOf } from '../../common/subjects.ts';
import { serviceAt } from '../../common/tables.ts';
import { health, ports } from './stage.ts';
import { type Weights, watch } from './watching.ts';

/*
 *   d1 ── socket with a mark, from the DIP, to the VIP ──▶ IPVS: service of that mark ──▶ one real server
 *      ◀───────────── answer from the VIP, which d1 has too: accept_local=1 ─────────────┘
 */

interface Probed {
  server: string;
  /** Name of who answered, or what became of it. */
  throughVip: string;
}

interface ThroughVip {
  director: string;
  /** In the table of the service that keepalived checks by TCP_CHECK at the RIPs. */
  weights: Weights;
  probed: Probed[];
  /** What clients got from the service meanwhile. */
  clients: { server?: string; error?: string }[];
}

/** Of the first real server; the next ones follow. */
const firstMark = 8_401;
const limitS = 2;

/** Asks each real server at the VIP, from the director. */
async function probe(lab: Lab, name: string, servers: string[]): Promise<Probed[]> {
  const director = lab.host(name);
  const { vip, port } = serviceAt(lab.spec, ports.tcp);
  const marks = servers.map((_, i) => firstMark + i);
  const rules = servers.flatMap((server, i) => [
    `-A -f ${marks[i]} -s rr`,
    `-a -f ${marks[i]} -r ${hostSpec(lab.spec, server).ip} -g`,
  ]);
  try {
    await director.exec(`ipvsadm -R <<'END'\n${rules.join('\n')}\nEND`);
    const words = [hostSpec(lab.spec, name).ip, vip, port, limitS, ...marks];
    const said = await runProgram(director, 'marked-requests', words);
    return servers.map((server, i) => ({ server, throughVip: outcomeOf(said[i]) }));
  } finally {
    await director.exec(marks.map((mark) => `ipvsadm -D -f ${mark} || :`).join('\n'));
  }
}

const outcomeOf = ([outcome = 'nameless', name = '']: string[] = []): string =>
  outcome === 'answered' ? name : outcome === 'nameless' ? 'no answer' : outcome;

/** google/seesaw calls it a DSR health check; keepalived's checks reach the RIP, where the VIP is not needed. */
export const servesTheVip = check<ThroughVip>({
  id: 'HC-03',
  suite: 'failover',
  level: 'must',
  title: 'a real server that health checks call healthy serves the VIP, too',
  requirement:
    'Each real server that is in the table answers a connection to the VIP that is sent to it; a check at its RIP does not show that.',
  source: 'Linux ip_vs_dr_xmit(); ip-sysctl.rst accept_local; socket(7) SO_MARK; ipvsadm(8) -f',
  needs: ['ipvs', 'healthChecks', 'severalRealServers'],
  stage: health,
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the first real server does not have the VIP',
      change: firstServer({ vipDevice: 'none' }),
      reason: /rs1 is healthy at its RIP .*timeout at the VIP/,
    },
    {
      id: 'listens-on-rip',
      breaks: 'the service of the first real server listens on its RIP only',
      change: firstServer({ listenOn: 'rip' }),
      reason: /rs1 is healthy at its RIP .*refused at the VIP/,
    },
  ],
  async observe({ lab, evidence }) {
    const { name, prober, weights } = await watch(lab);
    const service = serviceAt(lab.spec, ports.tcp);
    const servers = service.realServers.map((one) => one.name);
    const probed = await probe(lab, name, servers);
    const answers = await prober.requests(targetOf(service), {
      count: servers.length,
      parallel: servers.length,
      timeoutMs: 2_000,
    });
    await evidence.save(
      'through-vip.txt',
      probed.map((one) => `${one.server}: ${one.throughVip}`).join('\n'),
    );
    return {
      director: name,
      weights: await weights(ports.tcp),
      probed,
      clients: answers.map(({ server, error }) => ({ ...(server && { server }), ...(error && { error }) })),
    };
  },
  judge({ director, weights, probed, clients }, { spec }) {
    const vip = vipsOf(spec)[0] ?? '';
    const healthy = probed.filter(({ server }) => (weights[server] ?? 0) > 0);
    const expected = `${list(healthy.map(({ server }) => server))} answer at ${vip}`;
    if (healthy.length === 0) return inconclusive(expected, 'no real server is in the table');
    const served = clients.flatMap(({ server }) => server ?? []);
    const clientsGot = `clients got ${list(clients.map(({ server, error }) => server ?? error ?? ''))}`;
    const bad = healthy.filter(({ server, throughVip }) => server !== throughVip);
    // Where clients are served by a real server that the director cannot reach so, the director's own way is at fault.
    const belied = bad.filter(({ server }) => served.includes(server));
    if (belied.length > 0)
      return inconclusive(
        expected,
        `${list(belied.map(({ server, throughVip }) => `${server}: ${throughVip}`))} for ${director}, yet ${clientsGot}: does ${director} have accept_local=1?`,
      );
    if (bad.length === 0)
      return pass(
        expected,
        `each of ${list(healthy.map(({ server }) => server))} answered at the VIP; ${clientsGot}`,
      );
    const first = bad[0];
    const host = hostsOf(spec, 'realServer').find((one) => one.name === first?.server);
    return fail(
      expected,
      bad
        .map(
          (one) =>
            `${one.server} is healthy at its RIP (weight ${weights[one.server]}), ${one.throughVip} at the VIP`,
        )
        .join('; ')
        .concat(`; ${clientsGot}`),
      {
        cause: `${list(bad.map(({ server }) => server))}: the VIP is missing there, or the service does not listen on it; health checks ask at the RIP`,
        remedy: [
          ...on(first?.server ?? '', `ip addr add ${vip}/32 dev lo`, 'ss -ltn'),
          ...advice(
            `check it as ${director} does: a service on a mark with ${host?.ip} alone, a socket with SO_MARK from the DIP`,
          ),
        ],
      },
    );
  },
});

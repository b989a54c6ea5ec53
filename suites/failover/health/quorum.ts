import { check } from '../../../src/model/check.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { list, targetOf } from '../../common/subjects.ts';
import { onService, serviceAt } from '../../common/tables.ts';
import { slackMs } from './limits.ts';
import { health, markRoute, ports } from './stage.ts';
import { limitAt, membersAt, type Weights, watch, weightsText } from './watching.ts';

interface Inhibited {
  server: string;
  before: Weights;
  /** When it was out of the plain service, and whatever time the other one might have needed. */
  plain: Weights;
  inhibited: Weights;
  /** Once it served again. */
  after: Weights;
}

/** keepalived.conf(5) inhibit_on_failure: "Set weight to 0 when healthchecker detects failure". */
export const inhibitedStays = check<Inhibited>({
  id: 'HC-04',
  suite: 'failover',
  level: 'should',
  title: 'with inhibit_on_failure a dead real server stays in the table with weight 0',
  requirement:
    'A dead real server leaves the table; with inhibit_on_failure it stays with weight 0, and has its weight again when it returns.',
  source: 'keepalived.conf(5) inhibit_on_failure',
  needs: ['ipvs', 'healthChecks', 'serviceFault', 'severalRealServers'],
  stage: health,
  mutants: [
    {
      id: 'not-inhibited',
      breaks: 'inhibit_on_failure is missing',
      change: onService(ports.quiesced, { inhibitOnFailure: false }),
      reason: /with inhibit_on_failure: rs2 1 and rs3 1/,
    },
    {
      id: 'always-inhibited',
      breaks: 'inhibit_on_failure is set where it should not be',
      change: onService(ports.tcp, { inhibitOnFailure: true }),
      reason: /without it: rs1 0/,
    },
  ],
  async observe({ lab, note }) {
    const { victim, weights, whenSo, allBack } = await watch(lab);
    const dead = (all: Weights) => !((all[victim] ?? 0) > 0);
    const before = await weights(ports.quiesced);
    note(`killing the service of ${victim}`);
    await lab.faults.killService(victim);
    let back = false;
    const bringBack = async (): Promise<void> => {
      if (!back) await lab.faults.restartService(victim);
      back = true;
    };
    try {
      for (const port of [ports.tcp, ports.quiesced])
        await whenSo(port, `${victim} dead`, dead, limitAt(lab.spec, port) + slackMs);
      const [plain, inhibited] = [await weights(ports.tcp), await weights(ports.quiesced)];
      await bringBack();
      await allBack();
      return { server: victim, before, plain, inhibited, after: await weights(ports.quiesced) };
    } finally {
      await bringBack();
    }
  },
  judge({ server, before, plain, inhibited, after }) {
    const expected = `${server} gone without inhibit_on_failure, with weight 0 with it, then with its weight of ${before[server]} again`;
    const seen = `without it: ${weightsText(plain)}; with inhibit_on_failure: ${weightsText(inhibited)}; after its return: ${weightsText(after)}`;
    if ((plain[server] ?? 0) > 0 && (inhibited[server] ?? 0) > 0)
      return inconclusive(expected, `the health checks did not see the death (see HC-01): ${seen}`);
    if (!(server in plain) && inhibited[server] === 0 && after[server] === before[server])
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'inhibit_on_failure is not what it should be, or weights are not restored',
      remedy: advice(
        'in keepalived.conf: inhibit_on_failure in the real_server blocks of the services that quiesce, and in no others',
      ),
    });
  },
});

interface Quorum {
  /** What was true when this many of the two real servers were dead; the last one: all are back. */
  steps: { dead: number; sorry: Weights; quorum: Weights; down: boolean; clients: string[] }[];
  sorryServer: string;
}

/** Two programs, on a busy machine. */
const commandMs = 2_000;

/** keepalived.conf(5): "quorum: Minimum total weight of all live servers in the pool"; sorry_server. */
export const quorumAndSorry = check<Quorum>({
  id: 'HC-05',
  suite: 'failover',
  level: 'should',
  title: 'the sorry server takes over when too few real servers are alive, and leaves again',
  requirement:
    'Without a quorum of live real servers the sorry server alone is in the table and quorum_down has run; with a quorum it is gone and quorum_up has run.',
  source: 'keepalived.conf(5): sorry_server, quorum, hysteresis, quorum_up, quorum_down',
  needs: ['ipvs', 'healthChecks', 'serviceFault', 'severalRealServers'],
  stage: health,
  mutants: [
    {
      id: 'no-sorry-server',
      breaks: 'the service has no sorry server',
      change: (spec) => {
        const changed = structuredClone(spec);
        for (const service of changed.services) if (service.port === ports.sorry) delete service.sorryServer;
        return changed;
      },
      reason: /2 dead: none/,
    },
    {
      id: 'quorum-of-one',
      breaks: 'quorum is 1, the default',
      change: onService(ports.quorum, { quorum: { weight: 1, hysteresis: 0 } }),
      reason: /1 dead: .* at port 84 rs2 1,/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { director, prober, weights, whenSo, allBack } = await watch(lab);
    const servers = serviceAt(lab.spec, ports.sorry).realServers.map(({ name }) => name);
    const [, , sorryServer = ''] = membersAt(lab.spec, ports.sorry);
    const steps: Quorum['steps'] = [];
    const isDown = async (): Promise<boolean> =>
      (await director.exec('exec ip route show type blackhole')).stdout.includes(
        markRoute.replace('/32', ''),
      );
    const look = async (dead: number): Promise<void> => {
      // keepalived runs the command beside its change of the table.
      const down = await until(
        'the command of the quorum',
        async () => (await isDown()) === dead > 0 || undefined,
        { withinMs: commandMs },
      ).then(
        () => dead > 0,
        () => dead === 0,
      );
      const target = targetOf(serviceAt(lab.spec, ports.sorry));
      const answers = await prober.requests(target, { count: 3, parallel: 3, timeoutMs: 1_500 });
      steps.push({
        dead,
        sorry: await weights(ports.sorry),
        quorum: await weights(ports.quorum),
        down,
        clients: answers.map(({ server, error }) => server ?? error ?? 'no answer'),
      });
    };
    const dead: string[] = [];
    await look(0);
    try {
      for (const server of servers) {
        note(`killing the service of ${server}`);
        dead.push(server);
        await lab.faults.killService(server);
        for (const port of [ports.sorry, ports.quorum])
          await whenSo(port, `${server} gone`, (all) => !(server in all), limitAt(lab.spec, port) + slackMs);
        await look(dead.length);
      }
      await evidence.save('ipvs.txt', await ipvs.text(director));
    } finally {
      for (const server of dead) await lab.faults.restartService(server);
    }
    await allBack();
    await look(0);
    return { steps, sorryServer };
  },
  judge({ steps, sorryServer }) {
    const expected = `with one dead: the quorum is lost, ${sorryServer || 'the sorry server'} alone at port ${ports.quorum}; with both dead: at port ${ports.sorry}, too, and it serves; before and after: neither`;
    const seen = steps
      .map(
        (one) =>
          `${one.dead} dead: ${weightsText(one.sorry)}, at port ${ports.quorum} ${weightsText(one.quorum)}, quorum_down ${one.down ? 'has' : 'has not'} run, clients got ${list(one.clients)}`,
      )
      .join('; ');
    const [before, one, both, after] = steps;
    if (!before || !one || !both || !after) return inconclusive(expected, seen);
    const names = (all: Weights) => Object.keys(all).sort().join(' ');
    const normal = (step: typeof before) =>
      !step.down && !(sorryServer in step.sorry) && !(sorryServer in step.quorum) && names(step.sorry) !== '';
    if (
      sorryServer !== '' &&
      normal(before) &&
      normal(after) &&
      names(one.quorum) === sorryServer &&
      !(sorryServer in one.sorry) &&
      one.down &&
      names(both.sorry) === sorryServer &&
      both.clients.every((server) => server === sorryServer)
    )
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'quorum, sorry_server or the commands of the quorum are not what they should be',
      remedy: advice(
        'in keepalived.conf: quorum and sorry_server in the virtual_server block; script_user root in global_defs',
      ),
    });
  },
});

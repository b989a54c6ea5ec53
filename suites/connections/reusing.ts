import { type Check, check } from '../../src/model/check.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import type { Answer } from '../../src/probe/client/prober.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { inStage } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { forgetting, portOf, sceneOf, tables } from '../common/tables.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Reused {
  modes: { mode: number; servers: string[] }[];
}

const times = 4;
const key = 'net.ipv4.vs.conn_reuse_mode';
/** Below those that a prober takes by itself. */
const firstPort = 9_101;
/** A port whose connection the client had to close itself is not free for a minute: then the next one is taken. */
const portsPerMode = 6;
const notFree = '? (local-port)';

const about: Omit<Check<Reused>, 'requirement' | 'mutants' | 'judge' | 'stage' | 'title'> = {
  id: 'CT-05',
  suite: 'connections',
  level: 'must',
  source: 'ipvs-sysctl.rst (conn_reuse_mode); Linux ip_vs_in(), is_new_conn_expected()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  /** The mode that the lab has; in a stage also the one that differs from it by bit 0, which says nothing in DR. */
  async observe({ lab }) {
    const { director, prober, target } = await sceneOf(
      lab,
      connectionsOf(lab.spec, portOf.reused, { rotates: true }),
    );
    const found = Number((await director.exec(`exec sysctl -n ${key}`)).stdout);
    const modes: Reused['modes'] = [];
    try {
      for (const [i, mode] of (lab.spec.stage === undefined ? [found] : [found, found ^ 1]).entries()) {
        if (mode !== found) await director.exec(`exec sysctl -qw ${key}=${mode}`);
        const servers = await fromOnePort((fromPort) => prober.requests(target, { count: 1, fromPort }), i);
        modes.push({ mode, servers });
      }
    } finally {
      if (modes.length > 1) await director.exec(`exec sysctl -qw ${key}=${found}`);
    }
    return { modes };
  },
};

/** Several connections, one after the other, from the same port; the last port's where none could be used so often. */
async function fromOnePort(ask: (port: number) => Promise<Answer[]>, mode: number): Promise<string[]> {
  let servers: string[] = [];
  for (let i = 0; i < portsPerMode; i += 1) {
    servers = [];
    for (let n = 0; n < times; n += 1) {
      const [answer] = await ask(firstPort + mode * portsPerMode + i);
      servers.push(answer?.server ?? `? (${answer?.error})`);
    }
    if (!servers.includes(notFree)) break;
  }
  return servers;
}

const ownReused = (isRescheduled: boolean) =>
  ownConnections(
    `a tcp service of DR with rr, and conn_reuse_mode ${isRescheduled ? '2 or 3' : '0 or 1'}`,
    { rotates: true },
    {
      where: (sysctl) => ((Number(sysctl(key, '1')) & 2) !== 0) === isRescheduled,
      how: { needs: ['ipvs', 'director'] },
    },
  );

/** A load generator with few ports therefore hardly uses a real server that was added; hence mode 2. */
export const reusedPortsStick = functional<Reused>({
  ...about,
  title: 'a reused client port goes to its old real server',
  requirement:
    'With conn_reuse_mode 0 or 1, the default, a connection from a port whose old entry is in FIN_WAIT goes where the old one went.',
  stage: tables,
  own: ownReused(false),
  mutants: [
    {
      id: 'rescheduled',
      breaks: 'conn_reuse_mode=2 on the director',
      change: sysctls('director', { [key]: '2' }),
      reason: /mode 2: rs.* and rs/,
    },
  ],
  judge({ modes }, { spec }) {
    const expected = `${times} connections from one port on one real server, ${modesOf(spec, [0, 1])}`;
    const seen = said(modes);
    if (unanswered(modes)) return inconclusive(expected, seen);
    if (modes.every((one) => new Set(one.servers).size === 1 && answered(one.servers)))
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director schedules reused ports again, or lost connections',
      remedy: on(everyHost(spec, 'director'), `sysctl -w ${key}=1`),
    });
  },
});

export const reusedPortsMove: Check = {
  ...inStage(
    forgetting,
    check<Reused>({
      ...about,
      title: 'a reused client port is scheduled again where it should be',
      requirement:
        'With bit 1 of conn_reuse_mode (2 or 3), meant for DR and TUN, a connection from a port whose old entry is in FIN_WAIT is scheduled again.',
      mutants: [
        {
          id: 'sticking',
          breaks: 'conn_reuse_mode was left at 1: few client ports mean few real servers',
          change: sysctls('director', { [key]: '1' }),
          reason: /mode 1: rs\d+[;,]/,
        },
      ],
      judge({ modes }, { spec }) {
        const servers = connectionsOf(spec, portOf.reused, { rotates: true }).realServers.length;
        const expected = `${times} connections from one port on ${Math.min(times, servers)} real servers, ${modesOf(spec, [2, 3])}`;
        const seen = said(modes);
        if (unanswered(modes)) return inconclusive(expected, seen);
        const spread = modes.every(
          (one) => answered(one.servers) && new Set(one.servers).size === Math.min(times, servers),
        );
        if (spread) return pass(expected, seen);
        return fail(expected, seen, {
          cause: 'connections from reused ports follow the old entry',
          remedy: on(everyHost(spec, 'director'), `sysctl -w ${key}=3`),
        });
      },
    }),
  ),
  own: ownReused(true),
};

/** In a stage both are tried. */
const modesOf = ({ stage }: LabSpec, [one, other]: [number, number]): string =>
  stage === undefined ? `in mode ${one} or ${other}` : `in modes ${one} and ${other}`;

const answered = (servers: string[]): boolean => servers.every((name) => !name.startsWith('?'));
const unanswered = (modes: Reused['modes']): boolean =>
  modes.length === 0 ||
  modes.some((one) => one.servers.includes(notFree) || one.servers.every((name) => name.startsWith('?')));
const said = (modes: Reused['modes']): string =>
  modes.length === 0
    ? 'nothing was tried'
    : modes.map(({ mode, servers }) => `mode ${mode}: ${list(servers)}`).join('; ');

import { check } from '../../../src/model/check.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { on } from '../../common/remedy.ts';
import { stage } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { directorsOf, onBoth, onDirector, synced } from '../sync/stage.ts';
import { type Aged, aged, keepAliveS, type Life } from './aging.ts';

/** ip_vs_proto_tcp.c: IP_VS_TCP_S_ESTABLISHED is 15 min. */
const timeoutS = 900;
/**
 * Timers of the kernel (kernel/time/timer.c) are kept in wheels whose steps are an eighth of the time to go: they
 * run out later by as much, never sooner.
 */
const latestS = timeoutS * (1 + 1 / 8);
/** Until a sync message is sent, and between two looks. */
const slackS = 6;
const until = (life: Life | undefined, name: string): string => {
  if (!life || life.firstS === null) return `never on ${name}`;
  return life.goneS === null ? `on ${name} to the end` : `forgotten by ${name} after ${life.goneS} s`;
};

/** Silent, and then not: what a client with keep-alives beyond the timeout lives through. */
export const idleIsForgotten = check<Aged>({
  id: 'LNG-02',
  suite: 'failover',
  level: 'must',
  title: 'a connection that is idle for 15 min expires on both directors, not sooner, and is then reset',
  requirement:
    'An established connection is kept for 900 s after its last packet, on the active director and on the standby, and at most an eighth longer; a connection that is silent for longer is reset, one with a request every 5 min is not.',
  source: 'ipvsadm(8) --set; Linux ip_vs_proto_tcp.c, ip_vs_sync.c, kernel/time/timer.c',
  needs: ['virtualTime', 'ipvs', 'director'],
  stage: synced,
  mutants: [
    {
      id: 'timeout-400',
      breaks: 'established connections expire on the active director after 400 s',
      change: onDirector('active', 'ipvsadm --set 400 120 300'),
      reason: /idle: forgotten by d1 after 4\d\d s/,
    },
    {
      id: 'timeout-1200',
      breaks: 'the active director keeps established connections for 20 min',
      change: onDirector('active', 'ipvsadm --set 1200 120 300'),
      reason: /idle: on d1 to the end/,
    },
    {
      id: 'deaf-standby',
      breaks: 'the firewall of the standby drops UDP port 8848',
      change: onDirector('standby', 'iptables-legacy -w -I INPUT -p udp --dport 8848 -j DROP'),
      reason: /idle: .*never on d2/,
    },
  ],
  timeoutMs: 3_600_000,
  observe: (on) => aged(on, { lastS: Math.ceil(latestS) + slackS + 60, everyS: 1 }),
  judge({ idle, talking, talkingErrors, idleError }, { spec }) {
    const { active, standby } = directorsOf(spec);
    const names = [active.name, standby.name];
    const expected = `idle: forgotten by ${list(names)} after ${timeoutS} to ${Math.floor(latestS) + slackS} s, and then reset; talking: on ${active.name} to the end`;
    if (talkingErrors[0] !== null) return inconclusive(expected, 'the connections were not established');
    const told = (lives: Record<string, Life>) => list(names.map((name) => until(lives[name], name)));
    const failed = talkingErrors.filter((error) => error !== null).length;
    const seen = `idle: ${told(idle)}, then ${idleError ?? 'answered'}; talking: ${told(talking)}, ${talkingErrors.length - failed} of ${talkingErrors.length} requests answered`;
    const inTime = ({ goneS }: Life): boolean =>
      goneS !== null && goneS >= timeoutS && goneS <= latestS + slackS;
    const figures = Object.entries({ idle, talking }).flatMap(([which, lived]) =>
      names.flatMap((name) => {
        const goneS = lived[name]?.goneS ?? null;
        return goneS === null
          ? []
          : [{ name: `${which} until forgotten by ${name}`, value: goneS, unit: 's' }];
      }),
    );
    const lives = names.every((name) => inTime(idle[name] ?? { firstS: null, goneS: null }));
    const alive = talking[active.name]?.goneS === null && failed === 0;
    if (lives && alive && idleError !== null) return pass(expected, seen, { figures });
    return fail(expected, seen, {
      cause: `other timeouts than ${timeoutS} s (ipvsadm -L --timeout), or the standby does not hear sync messages (SYN-01)`,
      remedy: on(names, `ipvsadm --set ${timeoutS} 120 300`, 'ipvsadm -L --daemon'),
      figures,
    });
  },
});

const dayS = 86_400;
const refreshS = 60;

const refreshed = stage(
  'sync-refresh',
  `as «sync», with sync_refresh_period=${refreshS} and sync_threshold="3 0"`,
  synced.change,
  onBoth(`sysctl -qw net.ipv4.vs.sync_refresh_period=${refreshS} net.ipv4.vs.sync_threshold="3 0"`),
);

/**
 * ip_vs_sync_conn_needed(): where sync_threshold has a period (by default «3 50»), a packet must be the third, 53rd, … and
 * due by sync_refresh_period as well. So that alone refreshes nothing that says little.
 */
export const keptAliveIsKept = check<Aged>({
  id: 'LNG-03',
  suite: 'failover',
  level: 'must',
  title: 'with sync_refresh_period and sync_threshold «3 0» a quiet connection is on the standby for a day',
  requirement:
    'A connection with little traffic is refreshed on the standby whenever it sends, so that it survives a failover after a day as after a minute.',
  source: 'ipvs-sysctl.rst sync_refresh_period, sync_threshold; Linux ip_vs_sync_conn_needed()',
  needs: ['virtualTime', 'ipvs', 'director'],
  stage: refreshed,
  mutants: [
    {
      id: 'no-refresh',
      breaks: 'sync_refresh_period is 0, as by default',
      change: onBoth('sysctl -qw net.ipv4.vs.sync_refresh_period=0'),
      reason: /forgotten by d2 after (9\d\d|10\d\d) s.*sync_refresh_period of d1 is 0/,
    },
    {
      id: 'every-50th',
      breaks: 'sync_threshold is 3 50, as by default: sync_refresh_period alone is not enough',
      change: onBoth('sysctl -qw net.ipv4.vs.sync_threshold="3 50"'),
      reason: /forgotten by d2 after (9\d\d|10\d\d) s.*sync_threshold 3 50/,
    },
  ],
  timeoutMs: 2 * dayS * 1_000,
  observe: (on) => aged(on, { lastS: dayS, everyS: 60, whileKept: true }),
  judge({ talking, talkingErrors, lastedS, refreshPeriod, threshold }, { spec }) {
    const { active, standby } = directorsOf(spec);
    const expected = `a connection that asks every ${keepAliveS / 60} min is on ${active.name} and ${standby.name} for ${dayS / 3600} h`;
    const failed = talkingErrors.filter((error) => error !== null).length;
    const lost = Object.values(talking).some(({ goneS }) => goneS !== null);
    if (talkingErrors[0] !== null || (!lost && lastedS < dayS))
      return inconclusive(expected, 'the connection was not established');
    const both = [active.name, standby.name].map((name) => until(talking[name], name));
    const seen = `${list(both)}; ${talkingErrors.length - failed} of ${talkingErrors.length} requests answered`;
    const kept = [active.name, standby.name].every((name) => {
      const life = talking[name];
      return life?.firstS !== null && life?.goneS === null;
    });
    if (kept && failed === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `sync_refresh_period of ${active.name} is ${refreshPeriod} with sync_threshold ${threshold}: connections with little traffic are synchronised too rarely`,
      remedy: on(
        active.name,
        `sysctl -w net.ipv4.vs.sync_refresh_period=${refreshS} net.ipv4.vs.sync_threshold="3 0"`,
      ),
    });
  },
});

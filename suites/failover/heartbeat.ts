import { check } from '../../src/model/check.ts';
import type { HeartbeatSpec, LabSpec } from '../../src/model/spec.ts';
import { hostSpec, vipsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector, holdersOf, neighbour } from '../../src/probe/neighbour.ts';
import { Lateness } from '../../src/util/lateness.ts';
import { until } from '../../src/util/until.ts';
import { fail, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { advice, on } from '../common/remedy.ts';
import { firstServers, services, stage } from '../common/stages.ts';
import { clientOf, gatewayOf, list } from '../common/subjects.ts';
import { onOwnHosts } from '../common/tables.ts';
import { judgeOutage } from './outage/judge.ts';
import { goodAtTheEnd, type LoadRecord, momentOf, otherDirectors, pause } from './outage/load.ts';
import { directorsOf, twoDirectors } from './sync/stage.ts';

/*
 *   client ──┬── d1: heartbeat; VIP, ldirectord and rules ──(ucast)──┐
 *            ├── d2: heartbeat, and nothing else ◀───────────────────┘   takes all of it over
 *            └── rs1  rs2
 */

const port = 80;

const settings: HeartbeatSpec = {
  keepaliveMs: 500,
  warnMs: 1_500,
  deadMs: 3_000,
  initDeadMs: 6_000,
  failBack: false,
  over: 'ucast',
};

export const byHeartbeat = stage(
  'heartbeat',
  'a pair with heartbeat, which moves the VIP and runs ldirectord where it is',
  onOwnHosts,
  twoDirectors,
  firstServers(2),
  services({ port }),
  (spec: LabSpec): LabSpec => ({
    ...spec,
    director: {
      kind: 'heartbeat',
      heartbeat: settings,
      healthCheck: { intervalMs: 1_000, timeoutMs: 3_000, retries: 1, check: 'http' },
    },
  }),
);

interface HeartbeatTakeOver {
  failed: string;
  newMaster: string;
  /** Who had rules of IPVS before: ldirectord must run on the active director only. */
  rulesBefore: string[];
  takenOver: boolean;
  /** Whether the neighbour entry for the VIP had become that of the new master. */
  followed: boolean;
  record: LoadRecord;
}

/** Its scripts and ldirectord start hundreds of programs, each of which costs a lab kernel up to 0.1 s. */
const scriptsMs = 90_000;
const limitMs = settings.deadMs + settings.keepaliveMs + scriptsMs;
/** As late as the scripts make the prober, times two. */
const slackMs = 4_000;
const fault = 'link cut';
const back = 'served again';

/** ha.cf(5) deadtime; IPaddr2 announces the address by send_arp; heartbeat itself synchronises nothing. */
export const heartbeatTakesOver = check<HeartbeatTakeOver>({
  id: 'HA-15',
  suite: 'failover',
  level: 'should',
  title: 'a pair with heartbeat takes over, with VIP, rules and announcement',
  requirement:
    'When the active director is cut off, the other counts it as dead after deadtime, takes the VIP, announces it and starts ldirectord; before that ldirectord runs on the active one only.',
  source: 'ha.cf(5) deadtime, keepalive; ocf_heartbeat_IPaddr2(7); ldirectord(8)',
  needs: ['ipvs', 'directorFault', 'linkFault', 'healthChecks'],
  stage: byHeartbeat,
  disturbs: true,
  timeoutMs: 2 * limitMs,
  mutants: [
    {
      id: 'standby-dead',
      breaks: 'heartbeat is dead on the standby',
      change: afterApply((spec) => {
        const { standby } = directorsOf(spec);
        // Whatever it is by now: the daemon starts by shell scripts.
        return `kill -9 $(ip netns pids ${standby.name})`;
      }),
      reason: /no director took/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const [vip = ''] = vipsOf(lab.spec);
    const failed = await activeDirector(lab, vip);
    const [newMaster = ''] = otherDirectors(lab.spec, failed);
    const requester = lab.host(gatewayOf(lab.spec, clientOf(lab.spec)).name);
    const hasRules = async (name: string) =>
      (await ipvs.rules(lab.host(name))).some(({ realServers }) => realServers.length > 0);
    const rulesBefore: string[] = [];
    for (const name of [failed, newMaster]) if (await hasRules(name)) rulesBefore.push(name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    // Few, since the scripts of the pair keep the one CPU of a lab kernel busy.
    const lateness = await Lateness.start();
    const load = await prober.openLoop([
      { name: 'new connections', kind: 'connect', target: { ip: vip, port }, rateHz: 5, timeoutMs: 1_000 },
    ]);
    const moments: LoadRecord['moments'] = [];
    const mark = (label: string, fromMs: number): void => {
      const toMs = load.nowMs();
      moments.push({ label, fromMs, toMs, tMs: fromMs });
    };
    await pause(3_000);
    note(`cutting the link of ${failed}`);
    const cutMs = load.nowMs();
    await lab.faults.cutLink(failed);
    mark(fault, cutMs);
    const within = (what: string, look: () => Promise<boolean>) =>
      until(what, async () => (await look()) || undefined, { withinMs: limitMs, everyMs: 500 }).catch(
        () => false,
      );
    const takenOver = await within(`${newMaster} to take ${vip} over`, async () =>
      (await holdersOf(lab, vip)).includes(newMaster),
    );
    // Rules come one by one, and ldirectord looks at the real servers before it gives them weight.
    const answered = async () => {
      const answers = await prober.requests({ ip: vip, port }, { count: 4, timeoutMs: 1_000 });
      return answers.every(({ ok }) => ok);
    };
    if (takenOver && (await within(`${newMaster} to serve`, answered))) mark(back, load.nowMs());
    const { mac } = hostSpec(lab.spec, newMaster);
    const followed = (await neighbour(requester, vip))?.mac === mac;
    await pause(3_000);
    const lateMs = await lateness.stop();
    const record = { ...(await load.stop()), moments, lateMs };
    await evidence.save(`ipvs-${newMaster}.txt`, await ipvs.text(lab.host(newMaster)));
    return { failed, newMaster, rulesBefore, takenOver, followed, record };
  },
  judge({ failed, newMaster, rulesBefore, takenOver, followed, record }) {
    const expected = `rules on ${failed} only; ${newMaster} serves within ${limitMs} ms (deadtime ${settings.deadMs} ms, keepalive, and ${scriptsMs} ms for its scripts), and neighbours follow`;
    const at = momentOf(record, fault);
    return judgeOutage({
      expected,
      load: at && record,
      slackMs,
      // The scripts keep the one CPU of a lab kernel busy, and the prober waits for it.
      inTime: 0.5,
      title: `${failed} is cut off`,
      calmUntilMs: (at?.fromMs ?? 0) - slackMs / 2,
      leastMs: settings.deadMs - settings.keepaliveMs,
      verdict({ fresh }) {
        if (!takenOver)
          return fail(expected, `no director took the VIP over from ${failed} within ${limitMs} ms`, {
            cause: `heartbeat does not run on ${newMaster}, or does not see the silence of ${failed}`,
            remedy: [...on(newMaster, 'cl_status hbstatus'), ...advice(`read ha-log on ${newMaster}`)],
          });
        const outageMs = Math.round(fresh.outage.contiguousMs);
        const figures = [
          { name: 'outage of new connections', value: outageMs, unit: 'ms', better: 'lower' as const },
        ];
        const seen = `${newMaster} took over; new connections failed for ${outageMs} ms; rules before: ${list(rulesBefore)}; the neighbour entry is ${followed ? '' : 'not '}that of ${newMaster}`;
        if (outageMs <= limitMs && followed && goodAtTheEnd(fresh) && rulesBefore.join() === failed)
          return pass(expected, seen, { figures });
        return fail(expected, seen, {
          cause: 'ldirectord runs where it should not or does not start, or the take-over is not announced',
          remedy: [
            ...on(newMaster, 'ipvsadm -Ln'),
            ...advice(`in haresources of ${newMaster}: IPaddr2 and ldirectord in one line; read ha-log`),
          ],
          figures,
        });
      },
    });
  },
});

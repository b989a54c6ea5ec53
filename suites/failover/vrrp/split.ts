import { check } from '../../../src/model/check.ts';
import { hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientOf, list, nameOfMac, serviceOf, targetOf } from '../../common/subjects.ts';
import { judgeOutage } from '../outage/judge.ts';
import { pause } from '../outage/load.ts';
import { lastNeighbourEntries, type PairRecord, PairWatch, sharedSpans } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { plainPair, reconfigured } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   d1 ══VIP══╗      ╔══VIP══ d2        the switch carries nothing between d1 and d2, everything else goes on;
 *             ╚═ c1 ═╝                  then it carries everything again
 */

interface Split {
  /** The directors on either side, and what showed that they did not hear each other. */
  directors: string[];
  evidence: string;
  happened: boolean;
  /** When it ended, on the clock of the record. */
  healedMs: number;
  record: PairRecord;
  /** Of requests when all was over. */
  answered: number;
  asked: number;
}

/** keepalived.conf(5): notify_master is run when the state is reached. */
const deafOnceMaster = reconfigured(
  'second',
  's#    virtual_router_id .*#&\\n    notify_master "/bin/sh -c \\x27iptables-legacy -w -I INPUT -p 112 -j DROP\\x27"#',
);

const settleMs = 500;

export const splitHeals = check<Split>({
  id: 'HA-17',
  suite: 'failover',
  level: 'must',
  title: 'split brain: two directors hold the VIP, and one once they hear each other again',
  requirement:
    'Directors that do not hear each other both hold the VIP; once they do, the lower one gives it up at the next advertisement, and neighbours send to the other one.',
  source: 'RFC 9568 §6.4.3; keepalived.conf(5) garp_lower_prio_repeat',
  needs: ['capture', 'directorPair', 'wireFault'],
  stage: plainPair,
  own: ownPair({ preempts: true }),
  mutants: [
    {
      id: 'deaf-for-good',
      breaks: 'a firewall shuts VRRP out of the second director once it is master',
      change: deafOnceMaster,
      reason: /d1 and d2 still hold/,
    },
    {
      id: 'silent-survivor',
      breaks: 'the survivor announces nothing (garp_lower_prio_repeat 0)',
      change: reconfigured(
        'both',
        's/    virtual_router_id .*/&\\n    garp_lower_prio_repeat 0\\n    garp_master_delay 0/',
      ),
      reason: /still sends to d2/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const service = serviceOf(spec, 'tcp');
    const [one, other] = hostsOf(spec, 'director').map(({ name }) => name);
    if (one === undefined || other === undefined) throw new Error('the lab has no pair');
    const { masterDownMs } = vrrpTimes(spec);
    const prober = await proberOn(lab, clientOf(spec).name);
    await prober.requests(targetOf(service), { count: 1 });
    const watch = await PairWatch.start(lab);
    note(`${one} and ${other} do not hear each other`);
    const fault = await watch.act('split', () =>
      lab.faults.start({ kind: 'partition', sides: [[one], [other]] }),
    );
    await watch.untilHeldBy([one, other], masterDownMs + 3_000);
    const { happened, sentence } = await fault.verify();
    await pause(settleMs);
    note('they hear each other again');
    await watch.act('healed', () => fault.revert());
    const healedMs = watch.nowMs();
    await watch.untilHeldBy([one], (spec.director.vrrp?.advertMs ?? 1_000) + 2_000);
    await pause(settleMs);
    const asked = 4;
    const answers = await prober.requests(targetOf(service), { count: asked, timeoutMs: 1_000 });
    const { record, pcap } = await watch.stop();
    await evidence.save('split.pcap', pcap);
    return {
      directors: [one, other],
      evidence: sentence,
      happened,
      healedMs,
      record,
      asked,
      answered: answers.filter(({ ok }) => ok).length,
    };
  },
  judge({ directors, evidence, happened, healedMs, record, answered, asked }, { spec }) {
    const [survivor = '', other = ''] = directors;
    const { vip, owners, slipMs } = record;
    const boundMs = (spec.director.vrrp?.advertMs ?? 1_000) + settleMs + slipMs;
    const expected = `${list(directors)} hold ${vip} while they are apart; ${survivor} alone within ${Math.round(boundMs)} ms of its end, with all neighbours sending there`;
    const apart = sharedSpans(record).find(({ fromMs }) => fromMs < healedMs);
    return judgeOutage({
      expected,
      fault: {
        happened: happened && apart !== undefined,
        sentence: happened
          ? `only ${list(owners.at(-1)?.who ?? [])} held ${vip} all along`
          : `the partition did not happen: ${evidence}`,
      },
      load: 'none',
      lateMs: slipMs,
      slackMs: settleMs,
      verdict() {
        const figures = [
          {
            name: 'two holders after the end of a partition',
            value: Math.max(0, Math.round((apart?.toMs ?? healedMs + boundMs) - healedMs)),
            unit: 'ms',
            better: 'lower' as const,
          },
        ];
        const remedy = [
          ...on(directors, 'iptables -I INPUT -p 112 -j ACCEPT'),
          ...advice('in keepalived.conf: garp_lower_prio_repeat 5'),
        ];
        const inTheEnd = owners.at(-1)?.who ?? [];
        if (inTheEnd.length !== 1)
          return fail(expected, `${list(inTheEnd)} still hold ${vip} after the partition`, {
            cause: `the advertisements of ${survivor} do not reach ${other}, or the other way round: a firewall`,
            remedy,
            figures,
          });
        const lateMs = (apart?.toMs ?? Number.POSITIVE_INFINITY) - healedMs;
        if (lateMs > boundMs)
          return fail(
            expected,
            `${list(directors)} still held ${vip} ${Math.round(lateMs)} ms after its end`,
            {
              cause: 'advertisements are rarer than configured, or get lost',
              remedy,
              figures,
            },
          );
        const [owner = ''] = inTheEnd;
        const { mac } = hostSpec(spec, owner);
        const astray = lastNeighbourEntries(record).filter((one) => one.mac !== null && one.mac !== mac);
        if (astray.length > 0)
          return fail(
            expected,
            `${owner} alone holds ${vip}, and ${astray.map((one) => `${one.host} still sends to ${nameOfMac(spec, one.mac ?? '')}`).join(', ')}`,
            { cause: `${owner} did not announce ${vip} again when it saw the other one`, remedy, figures },
          );
        if (answered < asked)
          return fail(
            expected,
            `${owner} alone holds ${vip}, and ${asked - answered} of ${asked} requests failed`,
            {
              cause: `${owner} has no rules, or real servers do not answer it`,
              remedy: on(owner, 'ipvsadm -Ln'),
              figures,
            },
          );
        const again = record.announcements.filter((one) => one.tMs > healedMs && one.mac === mac).length;
        return pass(
          expected,
          `both held ${vip} for ${Math.round((apart?.toMs ?? 0) - (apart?.fromMs ?? 0))} ms; ${owner} alone ${Math.round(lateMs)} ms after the end, and it announced itself ${again} times`,
          { figures },
        );
      },
    });
  },
});

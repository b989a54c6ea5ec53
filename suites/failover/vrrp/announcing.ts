import { check } from '../../../src/model/check.ts';
import { hostSpec, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { fail, pass } from '../../common/judging.ts';
import { advice, on } from '../../common/remedy.ts';
import { judgeOutage } from '../outage/judge.ts';
import { otherDirectors, pause } from '../outage/load.ts';
import { type PairRecord, PairWatch } from '../outage/pair-watch.ts';
import { ownPair } from './own.ts';
import { pairStage, reconfigured } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Announced {
  failed: string;
  newMaster: string;
  taken: boolean;
  record: PairRecord;
}

/** Frames that came together, and when after the take-over. */
interface Series {
  atMs: number;
  frames: number;
}

/** All of these differ from what keepalived does unasked: 5 frames, 5 more after 5 s, no refreshment. */
const garp = { repeat: 3, delayS: 2, refreshRepeat: 2 };
const refreshS = 3;

/** By the settings of the lab, or what keepalived does unasked. */
function seriesOf({ director: { vrrp } }: LabSpec): Series[] {
  const { repeat = 5, delayS = 5, refreshRepeat = 1 } = vrrp?.garp ?? {};
  const every = vrrp?.garpRefreshS ?? 0;
  return [
    { atMs: 0, frames: repeat },
    ...(delayS > 0 ? [{ atMs: 1000 * delayS, frames: repeat }] : []),
    ...(every > 0 ? [1, 2].map((n) => ({ atMs: 1000 * n * every, frames: refreshRepeat })) : []),
  ];
}

const watchedMs = (spec: LabSpec): number => (seriesOf(spec).at(-1)?.atMs ?? 0) + 700;
/** Longer than this nobody waits for a second series. */
const longestDelayS = 10;
const apartMs = 400;
const firstWithinMs = 100;

const wordsOf = (all: Series[]): string =>
  all.map(({ atMs, frames }) => `${frames} after ${(atMs / 1000).toFixed(2)} s`).join(', ') || 'none';

/** keepalived.conf(5): garp_master_delay counts from the transition, garp_master_refresh from the last announcement. */
export const announcesAsTold = check<Announced>({
  id: 'HA-10',
  suite: 'failover',
  level: 'should',
  title: 'gratuitous ARP comes as often and when keepalived.conf says',
  requirement:
    'The first announcement is on the wire within 100 ms of the take-over; number, delay and refreshment are those of garp_master_repeat, garp_master_delay and garp_master_refresh.',
  source: 'keepalived.conf(5) garp_master_*; RFC 9568 §6.4.2 (365); RFC 5227 §3',
  needs: ['capture', 'directorPair', 'directorFault'],
  stage: pairStage(
    'vrrp-garp',
    `two directors with keepalived that announce ${garp.repeat} times, again after ${garp.delayS} s, and ${garp.refreshRepeat} times each ${refreshS} s`,
    { garp, garpRefreshS: refreshS },
  ),
  own: ownPair({
    also: {
      words: 'which announce a VIP twice, and not for ever',
      says: ({ garp: told, garpRefreshS = 0 }) => garpRefreshS === 0 && (told?.delayS ?? 5) <= longestDelayS,
    },
  }),
  mutants: [
    {
      id: 'once',
      breaks: 'garp_master_repeat 1',
      change: reconfigured('second', '/garp_master_repeat/d; s/priority .*/&\\n    garp_master_repeat 1/'),
      reason: /\S+ announced 1 after 0\.\d+ s.*garp_master_repeat/,
    },
    {
      id: 'no-refreshment',
      breaks: 'garp_master_refresh 0',
      change: (spec) => {
        if (!spec.director.vrrp?.garpRefreshS)
          throw new NotInLab(`the directors of lab «${spec.name}» announce nothing again`);
        return reconfigured('second', '/garp_master_refresh/d')(spec);
      },
      reason: /\S+ announced 3 after 0\.\d+ s, 3 after 2\.\d+ s$|garp_master_refresh/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const failed = await activeDirector(lab, vipsOf(lab.spec)[0] ?? '');
    const [newMaster = ''] = otherDirectors(lab.spec, failed);
    const watch = await PairWatch.start(lab);
    note(`stopping keepalived on ${failed}`);
    await watch.act('fault', () => lab.faults.signalDirector(failed, 'TERM'));
    const taken = await watch.untilHeldBy([newMaster], vrrpTimes(lab.spec).masterDownMs + 3_000);
    await pause(watchedMs(lab.spec));
    const { record, pcap } = await watch.stop();
    await evidence.save('announcements.pcap', pcap);
    return { failed, newMaster, taken, record };
  },
  judge({ failed, newMaster, taken, record }, { spec }) {
    const series = seriesOf(spec);
    const expected = `${newMaster} announces ${wordsOf(series)}, the first within ${firstWithinMs} ms`;
    const { slipMs } = record;
    return judgeOutage({
      expected,
      fault: { happened: taken, sentence: `${newMaster} did not take over from ${failed}` },
      load: 'none',
      lateMs: slipMs,
      slackMs: apartMs / 2,
      verdict() {
        const startMs = takenOverMs(record, newMaster, failed);
        const seen = seriesIn(record, spec, newMaster, startMs).filter(
          ({ atMs }) => atMs < watchedMs(spec) - apartMs,
        );
        const said = `${newMaster} announced ${wordsOf(seen)}`;
        const [first] = seen;
        const figures = first
          ? [
              {
                name: 'take-over to first announcement',
                value: Math.round(first.atMs),
                unit: 'ms',
                better: 'lower' as const,
              },
            ]
          : [];
        const withinMs = 100 + slipMs;
        const alike =
          seen.length === series.length &&
          series.every(({ atMs, frames }, i) => {
            const one = seen[i];
            return (
              one && one.frames === frames && Math.abs(one.atMs - atMs) <= Math.max(withinMs, i > 0 ? 300 : 0)
            );
          });
        if (alike) return pass(expected, said, { figures });
        return fail(expected, said, {
          cause: `other garp_master_repeat, garp_master_delay or garp_master_refresh in keepalived.conf of ${newMaster}, or frames get lost`,
          remedy: [
            ...on(newMaster, 'timeout 10 tcpdump -nni any arp'),
            ...advice(`compare the garp_ settings in keepalived.conf of ${newMaster}`),
          ],
          figures,
        });
      },
    });
  },
});

/** The first that shows of it: the advertisement of the new master, or the VIP on it. */
function takenOverMs({ adverts, owners }: PairRecord, newMaster: string, failed: string): number {
  const left = adverts.findLast(({ from }) => from === failed)?.tMs ?? 0;
  const advert = adverts.find(({ from, tMs }) => from === newMaster && tMs > left)?.tMs;
  const held = owners.find(({ who, tMs }) => who.includes(newMaster) && tMs > left)?.tMs;
  return Math.min(advert ?? Number.POSITIVE_INFINITY, held ?? Number.POSITIVE_INFINITY);
}

function seriesIn(
  { announcements, vip }: PairRecord,
  spec: LabSpec,
  newMaster: string,
  startMs: number,
): Series[] {
  const { mac } = hostSpec(spec, newMaster);
  const found: Series[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const one of announcements) {
    if (one.vip !== vip || one.mac !== mac || !one.broadcast) continue;
    const series = found.at(-1);
    if (series && one.tMs - lastMs < apartMs) series.frames += 1;
    else found.push({ atMs: Math.max(0, one.tMs - startMs), frames: 1 });
    lastMs = one.tMs;
  }
  return found;
}

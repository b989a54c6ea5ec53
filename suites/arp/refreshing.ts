import { check } from '../../src/model/check.ts';
import { hostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice } from '../common/remedy.ts';
import { stage } from '../common/stages.ts';
import { count, list } from '../common/subjects.ts';
import { ownPair } from '../failover/vrrp/own.ts';

const refreshS = 1;
const watchedS = 3;

const refreshEvery =
  (garpRefreshS: number) =>
  (spec: LabSpec): LabSpec => {
    const { vrrp } = spec.director;
    if (!vrrp) throw new NotInLab(`the directors of lab «${spec.name}» do not run keepalived with VRRP`);
    return { ...spec, director: { ...spec.director, vrrp: { ...vrrp, garpRefreshS } } };
  };

const refreshing = stage(
  'garp-refresh',
  `keepalived announces its VIPs again every ${refreshS} s (garp_master_refresh)`,
  refreshEvery(refreshS),
);

/** A check in the lab as written waits three times as long. */
const longestRefreshS = 10;

const refreshSOf = ({ director: { vrrp } }: LabSpec): number => vrrp?.garpRefreshS || refreshS;

interface Refreshed {
  vip: string;
  holder: string | null;
  /** When gratuitous ARP of the holder for the VIP was seen, ms since the first; and frames of others. */
  atMs: number[];
  others: number;
}

/** Frames less than this apart are one announcement: keepalived sends a burst after a take-over, too. */
const togetherMs = 400;

const moments = (atMs: number[]): number[] =>
  atMs.filter((at, i) => i === 0 || at - (atMs[i - 1] ?? 0) > togetherMs);

/** keepalived.conf(5) garp_master_refresh: minimum time between refreshes of gratuitous ARP while master; default 0. */
export const holderRefreshes = check<Refreshed>({
  id: 'ARP-10',
  suite: 'arp',
  level: 'should',
  title: 'with garp_master_refresh the holder announces the VIP repeatedly',
  requirement:
    'Neighbours that lost or changed their entry without a take-over are corrected by the holder’s next gratuitous ARP.',
  source: 'keepalived.conf(5) garp_master_refresh; RFC 5227 §3',
  needs: ['capture', 'directorPair'],
  stage: refreshing,
  own: ownPair({
    also: {
      words: `which announce their VIPs again every ${longestRefreshS} s or more often (garp_master_refresh)`,
      says: ({ garpRefreshS = 0 }) => garpRefreshS > 0 && garpRefreshS <= longestRefreshS,
    },
  }),
  mutants: [
    {
      id: 'no-refresh',
      breaks: 'no garp_master_refresh, which is the default',
      change: refreshEvery(0),
      reason: /announced it [01] time/,
    },
  ],
  async observe({ lab, evidence }) {
    const vip = vipsOf(lab.spec).find((one) => parseIpv4(one) !== undefined) ?? '';
    const capture = await lab.capture({ filter: 'arp' });
    await new Promise((resolve) => setTimeout(resolve, (watchedS * refreshSOf(lab.spec) + 0.5) * 1000));
    const pcap = await capture.stop();
    await evidence.save('arp.pcap', pcap);
    const [holder] = await holdersOf(lab, vip);
    const gratuitous = decodePcap(pcap).filter(({ arp }) => arp?.senderIp === vip && arp.targetIp === vip);
    const mac = holder === undefined ? '' : hostSpec(lab.spec, holder).mac;
    const own = gratuitous.filter(({ src }) => src === mac);
    return {
      vip,
      holder: holder ?? null,
      atMs: own.map(({ tUs }) => Math.round((tUs - (own[0]?.tUs ?? 0)) / 1000)),
      others: gratuitous.length - own.length,
    };
  },
  judge({ vip, holder, atMs, others }, { spec }) {
    const expected = `${holder ?? 'the holder'} announces ${vip} at least twice in ${watchedS * refreshSOf(spec)} s, nobody else does`;
    if (holder === null) return inconclusive(expected, `no director has ${vip}`);
    const times = moments(atMs);
    const seen = `${holder} announced it ${count(times.length, 'time')} in ${count(atMs.length, 'frame')}; others: ${others}`;
    if (times.length >= 2 && others === 0)
      return pass(expected, `${seen}, ${list(times.map((at) => `${at} ms`))} after the first`);
    return fail(expected, seen, {
      cause: others > 0 ? 'someone else announces the VIP' : `keepalived on ${holder} does not refresh`,
      remedy: advice(
        others > 0
          ? 'see ARP-03 and ARP-12'
          : 'in the vrrp_instance of keepalived.conf: garp_master_refresh 60',
      ),
    });
  },
});

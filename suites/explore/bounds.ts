import type { Bounds } from '../../src/model/exploration.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { detectionMs } from '../failover/health/limits.ts';
import { vrrpTimes } from '../failover/vrrp/times.ts';

/** Of each held connection; a request is two packets of the client. */
export const heldRateHz = 10;
export const heldConnections = 2;
const packetsPerS = (2 * heldRateHz) / heldConnections;

/** Linux ip_vs_sync.c: a message that is not full is sent after 2 s; the thread looks once a second. */
const syncDelayMs = 3_000;
/** keepalived: garp_master_delay. */
const usualGarpDelayS = 5;
/** For starting a daemon where one CPU does everything. */
const startMs = 1_500;
/** As the suite failover allows. */
const slackMs = 700;

/**
 * From RFC 9568 §6.1, keepalived.conf(5) and ipvs-sysctl.rst.
 * @throws {NotInLab} where the lab lacks what exploring is about.
 */
export function boundsOf(spec: LabSpec): Bounds {
  const { vrrp, healthCheck, sync } = spec.director;
  const directors = hostsOf(spec, 'director');
  const lacking = (what: string) =>
    new NotInLab(
      `lab «${spec.name}» ${what}; schedules of faults need a pair of keepalived with health checks`,
    );
  if (!vrrp || directors.length !== 2)
    throw lacking('has no two directors that take over from each other by VRRP');
  if (!healthCheck) throw lacking('has no health checks');
  const goneMs = detectionMs(healthCheck);
  const { skewMs, masterDownMs } = vrrpTimes(spec);
  return {
    skewMs,
    masterDownMs,
    announceMs: (vrrp.garp?.delayS ?? usualGarpDelayS) * 1_000,
    detectionMs: goneMs,
    // A check that is under way when it returns has to time out first.
    returnMs: goneMs,
    syncMs: sync ? Math.ceil((1_000 * syncPeriod(directors)) / packetsPerS) + syncDelayMs : null,
    preempt: vrrp.preempt,
    readyMs: startMs + masterDownMs + healthCheck.intervalMs,
    slackMs,
  };
}

/** ipvs-sysctl.rst, sync_threshold: the second number; a connection is synchronised again after that many packets. */
function syncPeriod(directors: ReturnType<typeof hostsOf>): number {
  const texts = directors.map(({ sysctls }) => sysctls['net.ipv4.vs.sync_threshold'] ?? '3 50');
  return Math.max(...texts.map((text) => Number(text.trim().split(/\s+/)[1])));
}

import { available, type Choose, type Server } from './server.ts';

/**
 * Schedulers that compare loads: the best candidate so far is replaced only by one that is strictly better, so of
 * equals the first in the list wins. Linux ip_vs_lc.c, ip_vs_wlc.c, ip_vs_sed.c, ip_vs_nq.c, ip_vs_fo.c, ip_vs_ovf.c.
 */

/**
 * Linux ip_vs_dest_conn_overhead(): an active connection weighs 256 inactive ones. Measured with lc on 6.1.176: beside
 * one with 1 active connection an idle server took 256 that were closed again, and the next went to the other one.
 */
export const overhead = ({ active, inactive }: Server): number => 256 * active + inactive;

/**
 * From 6.1.192 on, by its source (not run here): 256·active + all of them. It tells apart only what differs by
 * hundreds of inactive connections, which none of our sequences does.
 */
export const overheadByTotal = ({ active, inactive }: Server): number => 257 * active + inactive;

/** @param better whether the second replaces the first. */
function best(
  servers: readonly Server[],
  better: (best: Server, candidate: Server) => boolean,
): Server | undefined {
  return servers
    .filter(available)
    .reduce<Server | undefined>(
      (chosen, candidate) => (!chosen || better(chosen, candidate) ? candidate : chosen),
      undefined,
    );
}

/** Whether `b` carries less than `a` for its weight, by some measure of load. */
const lighter =
  (load: (server: Server) => number) =>
  (a: Server, b: Server): boolean =>
    load(a) * b.weight > load(b) * a.weight;

export const leastBy =
  (load: (server: Server) => number): Choose =>
  (servers) =>
    best(servers, (a, b) => load(b) < load(a));
export const leastConnections = leastBy(overhead);

export const weightedLeastBy =
  (load: (server: Server) => number): Choose =>
  (servers) =>
    best(servers, lighter(load));
export const weightedLeastConnections = weightedLeastBy(overhead);

/** The delay that the new connection itself would see. */
export const shortestExpectedDelay: Choose = (servers) =>
  best(
    servers,
    lighter(({ active }) => active + 1),
  );

export const neverQueue: Choose = (servers, arrival) =>
  servers.find((server) => available(server) && server.active === 0) ??
  shortestExpectedDelay(servers, arrival);

const heavier = (a: Server, b: Server): boolean => b.weight > a.weight;

/** fo: everything goes to the highest weight. */
export const failover: Choose = (servers) => best(servers, heavier);

/** ovf: a server is full when it has more active connections than its weight, so each takes weight + 1. */
export const overflow: Choose = (servers) =>
  best(
    servers.filter(({ active, weight }) => active <= weight),
    heavier,
  );

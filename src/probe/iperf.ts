import type { SpawnedProcess } from '../model/host.ts';
import type { Lab } from '../model/lab.ts';
import { TimedOut } from '../util/errors.ts';
import { timeoutMs } from '../util/timeouts.ts';
import type { Prober, Target } from './client/types.ts';
import { ProbeFailed } from './errors.ts';

export interface IperfResult {
  /** As received by the receiving side. */
  bitsPerS: number;
  /** TCP only. */
  retransmits: number;
  /** UDP only: share of the datagrams that did not arrive. */
  lost?: number;
  version: string;
  cpuLocalPercent: number;
  cpuRemotePercent: number;
}

export interface IperfOptions {
  durationMs: number;
  /** Default 1. */
  streams?: number;
  /** The server sends. */
  reverse?: boolean;
  /** Datagrams at this rate instead of TCP. */
  udpBitsPerS?: number;
}

/**
 * Bulk traffic with a server of its own, which is bound to the address that it is asked at: the RIP, or the VIP where
 * the director sends all its connections to that one real server.
 * @param target.server the host that runs the server; `ip` and `port` are where it listens
 * @throws {ProbeFailed} when iperf3 reports an error; {TimedOut}; {CommandFailed}.
 */
export async function iperf(
  lab: Lab,
  from: string,
  target: Target & { server: string },
  o: IperfOptions,
): Promise<IperfResult> {
  // One test, then it ends; --forceflush, since its output is a pipe.
  const argv = ['iperf3', '-s', '-1', '-B', target.ip, '-p', `${target.port}`, '--forceflush'];
  await using server = await lab.host(target.server).spawn(argv);
  await listening(server, target.server);
  const { stdout } = await lab
    .host(from)
    .exec(`exec iperf3 -c ${target.ip} -p ${target.port} ${iperfFlags(o)} --json`, {
      timeoutMs: o.durationMs + timeoutMs.exec,
      // It exits with 1 and says why in its JSON.
      okCodes: [0, 1],
    });
  return parseIperf(stdout);
}

export const iperfFlags = (o: IperfOptions): string =>
  [
    `-t ${Math.max(1, Math.round(o.durationMs / 1000))} -P ${o.streams ?? 1}`,
    ...(o.reverse ? ['-R'] : []),
    ...(o.udpBitsPerS === undefined ? [] : [`-u -b ${Math.round(o.udpBitsPerS)}`]),
  ].join(' ');

async function listening(server: SpawnedProcess, host: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new TimedOut(`iperf3 on ${host} to listen`, timeoutMs.ready);
    timer = setTimeout(() => reject(error), timeoutMs.ready);
  });
  const said = (async () => {
    for await (const line of server.lines()) if (line.includes('listening')) return;
    throw new ProbeFailed(`iperf3 on ${host} ended: ${server.stderr().trim()}`);
  })();
  await Promise.race([said, late]).finally(() => clearTimeout(timer));
}

/** @throws {ProbeFailed} with iperf3's own words */
export function parseIperf(json: string): IperfResult {
  const report = JSON.parse(json) as {
    error?: string;
    start?: { version?: string };
    end?: {
      sum_sent?: { retransmits?: number };
      /** UDP: of the sender in `sum_sent`, of the receiver in `sum_received`, the losses in `sum`. */
      sum?: { lost_percent?: number };
      sum_received?: { bits_per_second?: number };
      cpu_utilization_percent?: { host_total?: number; remote_total?: number };
    };
  };
  const bitsPerS = report.end?.sum_received?.bits_per_second;
  if (report.error !== undefined || bitsPerS === undefined) {
    throw new ProbeFailed(`iperf3: ${report.error ?? 'no result'}`);
  }
  const lostPercent = report.end?.sum?.lost_percent;
  return {
    bitsPerS,
    ...(lostPercent !== undefined && { lost: lostPercent / 100 }),
    retransmits: report.end?.sum_sent?.retransmits ?? 0,
    version: report.start?.version ?? 'iperf3',
    cpuLocalPercent: report.end?.cpu_utilization_percent?.host_total ?? 0,
    cpuRemotePercent: report.end?.cpu_utilization_percent?.remote_total ?? 0,
  };
}

/** Bulk through a VIP, as one HTTP download: `bytes` over one connection. */
export async function bulk(
  prober: Prober,
  target: Target,
  bytes: number,
): Promise<{ bitsPerS: number; bytes: number; durationMs: number; server: string }> {
  const { bytesPerS, ...rest } = await prober.download(target, { bytes, connections: 1 });
  return { bitsPerS: bytesPerS * 8, ...rest };
}

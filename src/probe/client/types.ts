import type { Histogram, ProbePoint } from '../../model/measurement.ts';
import type { InstrumentHealth } from '../health.ts';
import type { Outage } from '../outage.ts';

export interface Target {
  ip: string;
  port: number;
}

/** What came back for one request or datagram. */
export interface Answer {
  ok: boolean;
  /** Name of the real server that answered. */
  server?: string;
  /** The CIP that the server saw; HTTP only. */
  seenAs?: string;
  /** 0 where the connection never came about. */
  localPort: number;
  /** From opening the connection (requests) or sending (others) to the whole answer or the failure. */
  latencyUs: number;
  /** `refused`, `reset`, `timeout`, `unreachable`, `closed`, `wrong-answer`, `local-port`, or an errno in lower case. */
  error?: string;
  /** Of an HTTP answer that is not 200. */
  status?: number;
  /** Of the answer's body. */
  bytes: number;
}

export interface RequestsOptions {
  count: number;
  /** Default 1: one after the other, each closed before the next is opened. */
  parallel?: number;
  timeoutMs?: number;
  path?: string;
  localAddress?: string;
  /** Connection i comes from address `from[i % from.length]`; all must be the client's. */
  from?: string[];
  /** Connection i comes from port `fromPort + i`. */
  fromPort?: number;
}

export interface HoldOptions {
  count: number;
  timeoutMs?: number;
  /** As of requests. */
  from?: string[];
  fromPort?: number;
}

export interface DatagramsOptions {
  count: number;
  /** Socket i is bound to address `from[i % from.length]`. */
  from?: string[];
  /** Datagram i goes through socket `i % sockets`, each with its own port. Default 1. */
  sockets?: number;
  timeoutMs?: number;
  payloadBytes?: number;
}

export interface StreamPlan {
  name: string;
  /**
   * `connect`: every probe opens a connection and asks once. `established`: heartbeats on connections that stay
   * open and are never given up, only reopened after a reset or close. `udp`: datagrams from sockets that stay.
   */
  kind: 'connect' | 'established' | 'udp';
  target: Target;
  rateHz: number;
  /** Number of connections or sockets of `established` (default 4) and `udp` (default 1). */
  connections?: number;
  timeoutMs: number;
  /** Default `constant`: at i / rate. `poisson`: exponential gaps of the same mean. */
  schedule?: 'constant' | 'poisson';
  /** Of the gaps of `poisson` and of `service`: the same seed and name give the same load. Default 0. */
  seed?: number;
  /** `rateHz` for `onMs`, then nothing for `offMs`, and so on. */
  burst?: { onMs: number; offMs: number };
  /** Source addresses, all the client's: connection or socket i comes from `from[i % from.length]`. */
  from?: string[];
  /** What TCP probes ask for, such as `/?bytes=1000`; of several each in turn. Default `/`. */
  path?: string | string[];
  /** How long the real server takes for each request, drawn for each; TCP only. It is part of the latency. */
  service?: ServiceTime;
}

/** A distribution of service times. `pareto`: heavy-tailed between `leastMs` and `mostMs`; a shape near 1 is wild. */
export type ServiceTime =
  | { kind: 'exponential'; meanMs: number }
  | { kind: 'pareto'; leastMs: number; mostMs: number; shape: number };

export interface OpenLoopOptions {
  /**
   * Default `true`: a short run first, and half or a quarter of the rate where the prober has no CPU for more.
   * `false`: the rates are those of the plan, and where the prober cannot keep up its health says so.
   */
  warmUp?: boolean;
}

/** A point of a stream. */
export interface SentPoint extends ProbePoint {
  /** Place of the probe in the stream, from 0; also where points in between were left out. */
  seq: number;
}

export interface StreamResult {
  name: string;
  kind: StreamPlan['kind'];
  rateHz: number;
  /** Planned send times up to the stop. */
  planned: number;
  sent: number;
  /** At most 20,000: of longer streams every bad point, but only some of the good ones. */
  points: SentPoint[];
  /** Of all good answers, from their planned times. */
  histogram: Histogram;
  /** `connect` only: from the planned time until the connection was there. */
  connectHistogram?: Histogram;
  /** Good answers by real server, of all points. */
  shares: Record<string, number>;
  /** Bad ones by kind of failure, of all points. */
  errors: Record<string, number>;
  /** Computed from all points, before any were left out. With long service times slow answers count as bad. */
  outage: Outage;
}

export interface LoadResult {
  streams: StreamResult[];
  health: InstrumentHealth;
}

export interface SaturateOptions {
  connections: number;
  durationMs: number;
  path?: string;
}

export interface Saturation {
  /** Good answers (2xx) a second. */
  requestsPerS: number;
  requests: number;
  /** Failed connections, timeouts, resets, and answers other than 2xx. */
  errors: number;
  bytesPerS: number;
  durationMs: number;
  /** Share of one CPU that the generator took, 0 to 1: near 1 the generator itself was saturated. */
  generatorCpu: number;
  generator: string;
}

export interface ChurnOptions {
  /** Connections at a time. */
  parallel: number;
  durationMs: number;
  timeoutMs?: number;
  path?: string;
  /** Connection i comes from address `from[i % from.length]`. */
  from?: string[];
}

/** Closed loop: how many connections with one request each were opened, answered and closed. */
export interface Churn {
  connectionsPerS: number;
  connections: number;
  errors: number;
  durationMs: number;
  /** Share of one CPU that the prober took. */
  generatorCpu: number;
}

export interface DownloadOptions {
  /** Of all connections together. */
  bytes: number;
  connections: number;
  timeoutMs?: number;
}

export interface Download {
  bytesPerS: number;
  bytes: number;
  durationMs: number;
  /** The real servers that sent it, comma separated. */
  server: string;
}

export interface Held {
  /** The first answer on each connection, in the order of opening. */
  answers: Answer[];
  /** One request on each connection, all at once; a connection that is gone answers with its error. */
  ask(timeoutMs?: number): Promise<Answer[]>;
  /** Closes those with these indices, as the client; the others stay. */
  drop(indices: number[]): Promise<void>;
  close(): Promise<void>;
}

export interface RunningLoad {
  /** Milliseconds since the load's t0: the clock of the points, for marking faults. */
  nowMs(): number;
  /** Stops sending, waits for what is under way, and returns everything. */
  stop(): Promise<LoadResult>;
}

/** A client's window on a service. Every method throws {ProbeFailed} when the program on the client is gone. */
export interface Prober {
  readonly client: string;
  /** `count` fresh connections with one HTTP request each, closed after the answer. */
  requests(target: Target, o: RequestsOptions): Promise<Answer[]>;
  /** Opens connections one after the other, asks once on each, and keeps them. */
  hold(target: Target, o: HoldOptions): Promise<Held>;
  /** One datagram after the other, each after the answer to the one before. */
  datagrams(target: Target, o: DatagramsOptions): Promise<Answer[]>;
  /** Open loop: sent at planned times whatever becomes of earlier probes; runs until `stop`. */
  openLoop(streams: StreamPlan[], o?: OpenLoopOptions): Promise<RunningLoad>;
  /** Closed loop with keep-alive connections, for peak requests a second and nothing else. */
  saturate(target: Target, o: SaturateOptions): Promise<Saturation>;
  /** Closed loop with a new connection for each request, for peak connections a second. */
  churn(target: Target, o: ChurnOptions): Promise<Churn>;
  /** HTTP bulk: `?bytes=N` on each connection. */
  download(target: Target, o: DownloadOptions): Promise<Download>;
}

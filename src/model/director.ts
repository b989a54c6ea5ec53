/** What directs the lab, and how: the part of the resolved lab that is about directors. Plain data, as all of it. */

/** `heartbeat`: a pair with heartbeat, which moves the VIPs and runs ldirectord where they are. */
export const directorKinds = ['ipvsadm', 'keepalived', 'nftables', 'ldirectord', 'heartbeat'] as const;
export type DirectorKind = (typeof directorKinds)[number];

/** A VRRP instance: VIPs that move together, under a virtual router ID of their own. */
export interface VrrpInstanceSpec {
  name: string;
  virtualRouterId: number;
  /** One per director, in their order; 1 to 254. */
  priorities: number[];
  vips: string[];
}

/** A command that keepalived runs again and again; its failure lowers the priority, or without a weight is a fault. */
export interface TrackScriptSpec {
  name: string;
  /** One command line, run by `sh -c`. */
  script: string;
  /** Whole seconds, as keepalived counts. */
  intervalS: number;
  timeoutS: number;
  /** Added to the priority: below 0 while it fails, above 0 while it succeeds; 0: its failure is a fault. */
  weight: number;
  /** So many in a row make it succeed, or fail. */
  rise: number;
  fall: number;
}

/** An interface whose loss of carrier lowers the priority, or without a weight is a fault. */
export interface TrackInterfaceSpec {
  device: string;
  weight: number;
}

/** How a new holder announces the VIPs; what is missing is keepalived's own: 5 at once, and 5 more after 5 s. */
export interface GarpSpec {
  /** Between the first series and the second; 0: no second one. */
  delayS?: number;
  /** Frames in a series. */
  repeat?: number;
  /** Frames of each refreshment. */
  refreshRepeat?: number;
}

export interface VrrpSpec {
  version: 2 | 3;
  virtualRouterId: number;
  advertMs: number;
  /** One per director, in their order; 1 to 254. */
  priorities: number[];
  preempt: boolean;
  /** A director that preempts waits this long before it does. */
  preemptDelayS?: number;
  /** Advertisements go to the addresses of the other directors instead of 224.0.0.18. */
  unicast?: boolean;
  /** The VIPs have the MAC address of the virtual router, 00:00:5e:00:01:ID, on an interface of its own. */
  virtualMac?: boolean;
  /** Missing: one, with all VIPs. */
  instances?: VrrpInstanceSpec[];
  /** All instances change their state together. */
  syncGroup?: boolean;
  trackInterfaces?: TrackInterfaceSpec[];
  trackScripts?: TrackScriptSpec[];
  garp?: GarpSpec;
  /** The holder announces the VIPs again this often (`garp_master_refresh`); 0 or missing: never. */
  garpRefreshS?: number;
}

export interface HealthCheckSpec {
  /** `delay_loop` of keepalived, `checkinterval` of ldirectord. */
  intervalMs: number;
  timeoutMs: number;
  retries: number;
  /** Missing: `tcp`, a connection is made; for UDP services `udp`, a datagram is answered (ldirectord: a ping). */
  check?: 'tcp' | 'udp' | 'http' | 'misc';
  /** Before a further attempt; missing: the interval. keepalived only. */
  retryDelayMs?: number;
  /** http: what is asked for; missing: `/`. */
  path?: string;
  /** http of keepalived: status code that is healthy; missing: 200 to 299. */
  status?: number;
  /** http of keepalived: MD5 of the page. */
  digest?: string;
  /** http: regular expression that the page matches. */
  receive?: string;
  /** misc: one command line for `sh -c`; `{rip}` and `{port}` stand for those of the real server. */
  script?: string;
}

/** keepalived: how much weight a service needs, and what to run when it gains or loses that. */
export interface QuorumSpec {
  weight: number;
  hysteresis: number;
  up?: string;
  down?: string;
}

/** ha.cf(5) of heartbeat. */
export interface HeartbeatSpec {
  keepaliveMs: number;
  warnMs: number;
  /** Silence after which the other director counts as dead. */
  deadMs: number;
  /** The same while starting. */
  initDeadMs: number;
  /** The first director takes the VIPs back when it returns. */
  failBack: boolean;
  over: 'ucast' | 'bcast' | 'mcast';
}

/** The daemons of the kernel that keep connections of two directors alike: ipvsadm(8), `--start-daemon`. */
export interface SyncSpec {
  /** Daemons with another one do not hear each other; 0 to 255. */
  id: number;
  /** Interface of the multicast; missing: the one of the director's address. */
  device?: string;
}

export interface DirectorSpec {
  kind: DirectorKind;
  /** Only keepalived has it. */
  vrrp?: VrrpSpec;
  /** keepalived, ldirectord and heartbeat. */
  healthCheck?: HealthCheckSpec;
  /** Only heartbeat has it. */
  heartbeat?: HeartbeatSpec;
  /** ipvsadm and keepalived: the holder of the VIPs sends, the others listen. */
  sync?: SyncSpec;
}

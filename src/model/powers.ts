/** What a lab must be able to do for a check; a lab without it reports `unsupported`, with the reason. */
export const powers = {
  capture: 'see every frame on the segment',
  inject: 'send crafted frames from a host',
  ipvs: 'read the connection table and counters of IPVS',
  serviceFault: 'stop and start one real server',
  linkFault: 'cut and restore the link of one host',
  directorFault: 'stop and start the daemons of a director',
  director: 'a director with at least one virtual service',
  directorPair: 'two directors that take over from each other (VRRP)',
  healthChecks: 'a director that removes dead real servers',
  severalRealServers: 'at least two real servers behind one TCP service',
  directClient: 'a client on the same segment',
  routedClient: 'a client behind a router',
  schedulerRr: 'a TCP service scheduled with rr',
  schedulerWrr: 'a TCP service scheduled with wrr',
  udpService: 'a UDP service',
  realTime: 'real time (throughput and latency mean nothing in virtual time)',
  iperf3: 'iperf3 on clients and real servers',
} as const;
export type Power = keyof typeof powers;

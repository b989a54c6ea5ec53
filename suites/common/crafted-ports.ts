/**
 * Source ports of what checks craft with a client's own address: above those that Linux gives out by itself
 * (ip-sysctl.rst: ip_local_port_range ends at 60999), and outside of those that the prober and the sweeps take. From a
 * port with a past a server may answer a SYN as a late segment of a connection that has just ended (RFC 9293
 * §3.10.7.4), and a director may still have its entry.
 */
export const firstCraftedPort = 64_512;

/** Where each check begins from there on. */
export const craftedPort = {
  stray: 64_520,
  dying6: 64_530,
  options6: 64_540,
  lastHop: 64_550,
  unchanged: 64_560,
  expiring: 64_570,
  fullSize: 64_580,
  knock: 64_600,
  mapped: 64_640,
  told: 64_700,
} as const;

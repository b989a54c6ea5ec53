/**
 * The first source port of what each check crafts with a client's own address. They lie below those that Linux gives
 * out by itself (ip-sysctl.rst: ip_local_port_range begins at 32768). With one of those, a server may know the address
 * and port from a connection that has just ended and answer a SYN as a late segment of it (RFC 9293 §3.10.7.4), and a
 * director may still have its entry.
 */
export const craftedPort = {
  stray: 15_670,
  dying6: 15_690,
  options6: 15_700,
  lastHop: 16_500,
  unchanged: 17_100,
  expiring: 17_300,
  fullSize: 17_400,
  firewall: 18_000,
  knock: 23_000,
} as const;

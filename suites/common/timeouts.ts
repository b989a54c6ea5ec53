import type { LabSpec } from '../../src/model/spec.ts';
import type { Timeouts } from '../../src/probe/ipvs-state.ts';

/** What the directors of a lab are told of idle entries, or the kernel's own (ip_vs_proto_tcp.c, ip_vs_proto_udp.c). */
export function timeoutsMeant({ director: { timeouts = {} } }: Pick<LabSpec, 'director'>): Timeouts {
  const { tcpS = 900, tcpFinS = 120, udpS = 300 } = timeouts;
  return { establishedS: tcpS, finS: tcpFinS, udpS };
}

/** As `ipvsadm --set` takes them. */
export const setWords = ({ establishedS, finS, udpS }: Timeouts): string => `${establishedS} ${finS} ${udpS}`;

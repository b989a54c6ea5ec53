import { onDirectors } from './mutate.ts';
import { serviceOf } from './subjects.ts';

/** Drops what ends a connection, in front of IPVS; byte 33 behind an IP header without options are the TCP flags. */
export const finAndResetDropped = onDirectors((spec) =>
  [
    'tc qdisc add dev eth0 clsact',
    ...['0x01', '0x04'].map(
      (bit) =>
        `tc filter add dev eth0 ingress protocol ip u32 match ip dst ${serviceOf(spec, 'tcp').vip}/32 match ip protocol 6 0xff match u8 ${bit} ${bit} at 33 action drop`,
    ),
  ].join('\n'),
);

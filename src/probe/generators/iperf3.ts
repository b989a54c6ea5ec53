import { type IperfOptions, iperf, iperfFlags } from '../iperf.ts';
import type { LoadGenerator } from './types.ts';

/**
 * Bulk TCP or UDP to the one real server of the aim, where an iperf3 server is started for it.
 * Through a VIP the director must send every connection of the client there.
 */
export const iperf3 = (o: Omit<IperfOptions, 'durationMs'>): LoadGenerator => ({
  name: 'iperf3',
  async generate({ lab, client, target, realServers, durationMs }) {
    const [server = ''] = realServers;
    const done = await iperf(lab, client, { ...target, server }, { ...o, durationMs });
    const sender = o.reverse ? done.cpuRemotePercent : done.cpuLocalPercent;
    return {
      generator: done.version,
      arguments: iperfFlags({ ...o, durationMs }),
      figures: [
        { name: 'received', value: done.bitsPerS, unit: 'bit/s', better: 'higher' },
        ...(done.lost === undefined
          ? [{ name: 'retransmits', value: done.retransmits, unit: '1', better: 'lower' as const }]
          : [{ name: 'lost datagrams', value: done.lost, unit: '1', better: 'lower' as const }]),
      ],
      errors: 0,
      ownCpu: Math.max(sender, done.cpuLocalPercent) / 100,
    };
  },
});

import { describe, expect, it } from 'vitest';
import type { Prober } from './client/types.ts';
import { bulk, iperfFlags, parseIperf } from './iperf.ts';

describe('parseIperf', () => {
  it('takes the receiving side', () =>
    expect(
      parseIperf(
        JSON.stringify({
          start: { version: 'iperf 3.12' },
          end: {
            sum_sent: { bits_per_second: 9e9, retransmits: 7 },
            sum_received: { bits_per_second: 8e9 },
            cpu_utilization_percent: { host_total: 40, remote_total: 60 },
          },
        }),
      ),
    ).toEqual({
      bitsPerS: 8e9,
      retransmits: 7,
      version: 'iperf 3.12',
      cpuLocalPercent: 40,
      cpuRemotePercent: 60,
    }));

  it('reads how many datagrams were lost', () => {
    const end = { sum: { lost_percent: 2.5 }, sum_received: { bits_per_second: 1e6 } };
    expect(parseIperf(JSON.stringify({ end }))).toMatchObject({ bitsPerS: 1e6, lost: 0.025 });
  });

  it('gives no figure without a result', () => {
    expect(() => parseIperf('{"error":"unable to connect"}')).toThrow('iperf3: unable to connect');
    expect(() => parseIperf('{"end":{}}')).toThrow('iperf3: no result');
  });
});

describe('iperfFlags', () => {
  it('says what is asked for', () => {
    expect(iperfFlags({ durationMs: 2_400 })).toBe('-t 2 -P 1');
    expect(iperfFlags({ durationMs: 100, streams: 4, reverse: true, udpBitsPerS: 1e7 })).toBe(
      '-t 1 -P 4 -R -u -b 10000000',
    );
  });
});

describe('bulk', () => {
  it('is one download, in bits', async () => {
    const asked: unknown[] = [];
    const prober = {
      download: async (...args: unknown[]) => {
        asked.push(args[1]);
        return { bytesPerS: 1000, bytes: 500, durationMs: 500, server: 'rs1' };
      },
    } as unknown as Prober;
    expect(await bulk(prober, { ip: '198.18.0.100', port: 80 }, 500)).toEqual({
      bitsPerS: 8000,
      bytes: 500,
      durationMs: 500,
      server: 'rs1',
    });
    expect(asked).toEqual([{ bytes: 500, connections: 1 }]);
  });
});

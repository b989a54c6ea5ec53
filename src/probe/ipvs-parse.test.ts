import { describe, expect, it } from 'vitest';
import { parseConnections, parseCounters, parseRules } from './ipvs-parse.ts';

describe('parseConnections', () => {
  it('reads hex addresses and ports, of IPv6 too', () => {
    const rows = parseConnections(
      [
        'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
        'TCP C6120001 9C40 C6120064 0050 C6120015 0050 ESTABLISHED     899',
        'UDP C6120001 D431 C6120064 0035 C6120016 0035 UDP             299',
        'TCP C6120001 0000 C6120064 0050 C6120015 0050 NONE             60',
        'TCP 2001:0db8:0000:0000:0000:0000:0000:0001 9C40 2001:0db8:0000:0000:0000:0000:0000:0064 0050 2001:0db8:0000:0000:0000:0000:0000:0015 0050 ESTABLISHED 899',
        '',
      ].join('\n'),
    );
    expect(rows).toHaveLength(4);
    expect(rows[3]).toMatchObject({
      cip: '2001:db8::1',
      vip: '2001:db8::64',
      vport: 80,
      rip: '2001:db8::15',
      expiresS: 899,
    });
    expect(rows[0]).toEqual({
      protocol: 'tcp',
      cip: '198.18.0.1',
      cport: 40_000,
      vip: '198.18.0.100',
      vport: 80,
      rip: '198.18.0.21',
      rport: 80,
      state: 'ESTABLISHED',
      expiresS: 899,
    });
    expect(rows.map((row) => row.state)).toEqual(['ESTABLISHED', 'UDP', 'NONE', 'ESTABLISHED']);
  });

  it('is empty for an empty table', () => expect(parseConnections('Pro FromIP   FPrt\n')).toEqual([]));
});

const percpu = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0        6       1E        0              7D0                0
  1        4       14        0              3E8                0
  ~        0        0        0                0                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           0        0        0                0                0
`;

describe('parseCounters', () => {
  it('sums the CPUs, since the totals lag behind', () =>
    expect(parseCounters(percpu)).toEqual({
      connections: 10,
      inPackets: 50,
      outPackets: 0,
      inBytes: 3000,
      outBytes: 0,
    }));

  it('throws rather than counting nothing', () =>
    expect(() => parseCounters('no such thing')).toThrow('no CPU in'));
});

describe('parseRules', () => {
  it('takes IPv6 addresses out of their brackets', () =>
    expect(
      parseRules('-A -t [fd00::64]:80 -s rr\n-a -t [fd00::64]:80 -r [fd00::3]:80 -g -w 1\n')[0],
    ).toMatchObject({
      vip: 'fd00::64',
      port: 80,
      realServers: [{ ip: 'fd00::3', port: 80, forward: 'dr' }],
    }));

  it('reads services with their real servers in the order of the kernel', () => {
    const rules = parseRules(
      [
        '-A -t 198.18.0.100:80 -s wrr -p 300',
        '-a -t 198.18.0.100:80 -r 198.18.0.22:80 -g -w 3',
        '-a -t 198.18.0.100:80 -r 198.18.0.21:80 -i -w 0',
        '-A -u 198.18.0.100:53 -s rr -o',
        '-a -u 198.18.0.100:53 -r 198.18.0.21:5353 -m -w 1',
        '-A -f 7 -s sh -b sh-port',
        '-a -f 7 -r 198.18.0.21:0 -g -w 1',
        '',
      ].join('\n'),
    );
    expect(rules).toEqual([
      {
        protocol: 'tcp',
        vip: '198.18.0.100',
        port: 80,
        scheduler: 'wrr',
        persistenceS: 300,
        onePacket: false,
        realServers: [
          { ip: '198.18.0.22', port: 80, forward: 'dr', weight: 3 },
          { ip: '198.18.0.21', port: 80, forward: 'tun', weight: 0 },
        ],
      },
      {
        protocol: 'udp',
        vip: '198.18.0.100',
        port: 53,
        scheduler: 'rr',
        persistenceS: 0,
        onePacket: true,
        realServers: [{ ip: '198.18.0.21', port: 5353, forward: 'nat', weight: 1 }],
      },
      {
        protocol: 'fwmark',
        vip: '7',
        port: 0,
        scheduler: 'sh',
        persistenceS: 0,
        onePacket: false,
        realServers: [{ ip: '198.18.0.21', port: 0, forward: 'dr', weight: 1 }],
      },
    ]);
  });

  it('has no rules in no text', () => expect(parseRules('')).toEqual([]));
});

import { describe, expect, it } from 'vitest';
import { parseConnections } from './ipvs-parse.ts';
import { isTemplate, parseActivity, parseBuckets, parseTimeouts } from './ipvs-table.ts';

const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C6120064:1F90 wrr persistent 300
  -> C6120102:1F90      Route   2      0          0
UDP  C6120064:0050 rr 
  -> C6120101:0050      Route   1      0          7
TCP  C6120064:0050 rr 
  -> C6120103:0050      Route   3      2          6
  -> C6120101:0050      Route   0      0          6
`;

describe('parseActivity', () => {
  it('reads weights and both counts, in the order of the kernel', () =>
    expect(parseActivity(table, 'tcp', '198.18.0.100', 80)).toEqual([
      { rip: '198.18.1.3', weight: 3, active: 2, inactive: 6 },
      { rip: '198.18.1.1', weight: 0, active: 0, inactive: 6 },
    ]));

  it('tells services apart by protocol and port', () => {
    expect(parseActivity(table, 'udp', '198.18.0.100', 80).map((one) => one.inactive)).toEqual([7]);
    expect(parseActivity(table, 'tcp', '198.18.0.100', 81)).toEqual([]);
  });
});

describe('parseBuckets', () => {
  it('reads the size of the table', () => expect(parseBuckets(table)).toBe(4096));
  it('throws rather than guessing', () => expect(() => parseBuckets('')).toThrow('no table size'));
});

describe('parseTimeouts', () => {
  it('reads all three', () =>
    expect(parseTimeouts('Timeout (tcp tcpfin udp): 900 120 300\n')).toEqual({
      establishedS: 900,
      finS: 120,
      udpS: 300,
    }));
  it('throws what was said instead', () => expect(() => parseTimeouts('no\n')).toThrow('said «no»'));
});

describe('isTemplate', () => {
  it('knows a template by its missing client port, and reads its engine', () => {
    const [template, plain] = parseConnections(
      [
        'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
        'UDP C6120001 0000 C6120064 13C4 C6120015 13C4 ASSURED         299 sip call-1@198.18.0.1',
        'UDP C6120001 D431 C6120064 13C4 C6120015 13C4 UDP             299',
      ].join('\n'),
    );
    expect(template && isTemplate(template)).toBe(true);
    expect(template?.engine).toEqual({ name: 'sip', data: 'call-1@198.18.0.1' });
    expect(plain && isTemplate(plain)).toBe(false);
    expect(plain).not.toHaveProperty('engine');
  });
});

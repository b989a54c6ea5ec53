import { expect, test } from 'vitest';
import { parseTable } from './ipvs-service.ts';

const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C6120064:1F90 wrr 
  -> C6120102:1F90      Route   2      0          0         
UDP  C6120064:0050 rr ops 
  -> C6120101:0050      Route   1      0          0         
TCP  C6120064:0050 sh (flag-1,flag-2)
  -> C6120103:0050      Route   3      17         6         
  -> C6120101:0050      Route   0      0          120       
`;

test('one service, in the order of the kernel, with its counts', () => {
  expect(parseTable(text, { protocol: 'tcp', vip: '198.18.0.100', port: 80 })).toEqual({
    scheduler: 'sh',
    servers: [
      { ip: '198.18.1.3', weight: 3, active: 17, inactive: 6 },
      { ip: '198.18.1.1', weight: 0, active: 0, inactive: 120 },
    ],
  });
  expect(parseTable(text, { protocol: 'udp', vip: '198.18.0.100', port: 80 }).scheduler).toBe('rr');
});

test('a service that is not there is said', () =>
  expect(() => parseTable(text, { protocol: 'tcp', vip: '198.18.0.101', port: 80 })).toThrow(
    'no tcp service 198.18.0.101:80',
  ));

test('services of IPv6, of a mark and of all ports', () => {
  const more = `${text}TCP  [fd00:0000:0000:0000:0000:0000:0000:0064]:0050 sh 
  -> [fd00:0000:0000:0000:0000:0000:0000:0003]:0050      Route   1      0          0         
FWM  00000011 rr persistent 300 FFFFFFFF
  -> C6120102:0000      Route   1      0          0         
FWM  00000011 wlc 
  -> [fd00:0000:0000:0000:0000:0000:0000:0004]:0000      Route   1      0          0         
TCP  C6120065:0000 rr persistent 300 FFFFFFFF
  -> C6120103:0000      Route   1      0          0         
`;
  const ips = (service: Parameters<typeof parseTable>[1]) =>
    parseTable(more, service).servers.map(({ ip }) => ip);
  expect(ips({ protocol: 'tcp', vip: 'fd00::64', port: 80 })).toEqual(['fd00::3']);
  expect(ips({ protocol: 'tcp', vip: '198.18.0.100', port: 443, mark: 17 })).toEqual(['198.18.1.2']);
  expect(ips({ protocol: 'tcp', vip: 'fd00::64', port: 443, mark: 17 })).toEqual(['fd00::4']);
  expect(ips({ protocol: 'tcp', vip: '198.18.0.101', port: 22, allPorts: true })).toEqual(['198.18.1.3']);
  expect(() => ips({ protocol: 'tcp', vip: '198.18.0.101', port: 22 })).toThrow(
    'no tcp service 198.18.0.101:22',
  );
});

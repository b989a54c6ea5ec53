import { describe, expect, it } from 'vitest';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { formatLine, parseLine, socketsOf } from './layout.ts';

const sockets = (spec: LabSpec, name: string) =>
  socketsOf(spec, hostSpec(spec, name)).map(
    ({ protocol, address, port }) => `${protocol} ${address}:${port}`,
  );
const director = { kind: 'ipvsadm' as const };
const services = [{}, { vip: '198.18.0.101' }, { protocol: 'udp' as const, port: 5000 }];

it('opens TCP once for all addresses, and UDP on each, so that answers come from the VIP', () => {
  expect(sockets(labOf({ director, services }), 'rs1')).toEqual([
    'tcp 0.0.0.0:80',
    'udp 198.18.0.100:5000',
    'udp 198.18.1.1:5000',
  ]);
});

it('listens on the RIP alone where that mistake is wanted', () => {
  expect(sockets(labOf({ director, services, server: { listenOn: 'rip' } }), 'rs2')).toEqual([
    'tcp 198.18.1.2:80',
    'udp 198.18.1.2:5000',
  ]);
});

it('opens nothing on hosts that serve nothing', () => {
  const spec = labOf({ director });
  expect(sockets(spec, 'dir1')).toEqual([]);
  for (const service of spec.services) service.realServers = service.realServers.slice(1);
  expect(sockets(spec, 'rs1')).toEqual([]);
});

it('reads the lines that it writes', () => {
  const spec = labOf({ director, server: { delayMs: 5, bodyBytes: 100, concurrency: 3 } });
  const [line] = socketsOf(spec, hostSpec(spec, 'rs1'));
  expect(line && parseLine(formatLine(line))).toEqual(line);
});

describe('what a lab file says of a port', () => {
  const serves = {
    ...{ https: [443], dns: [53], smtp: [2525], sctp: [5060] },
    pages: [{ path: '/a b', status: 404 }],
    names: { 'shop.example': '198.18.0.9' },
  };
  const spec = labOf({ director, server: { serves }, services: [{}, { port: 53, protocol: 'udp' }] });
  const lines = socketsOf(spec, hostSpec(spec, 'rs1'));
  const said = lines.map(({ protocol, address, port, standIn }) => [
    `${protocol} ${address}:${port}`,
    standIn?.spoken,
  ]);

  it('is spoken on those of services, and on others', () =>
    expect(said).toEqual([
      ['tcp 0.0.0.0:80', 'http'],
      ['udp 198.18.0.100:53', 'dns'],
      ['udp 198.18.1.1:53', 'dns'],
      ['tcp 0.0.0.0:443', 'https'],
      ['tcp 0.0.0.0:2525', 'smtp'],
      ['tcp 0.0.0.0:53', 'dns'],
      ['sctp 198.18.0.100:5060', 'sctp'],
      ['sctp 198.18.1.1:5060', 'sctp'],
    ]));

  it('is read as it is written', () =>
    expect(lines.map((line) => parseLine(formatLine(line)))).toEqual(lines));
});

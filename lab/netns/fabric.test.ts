import { expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { plan } from './plan.ts';

const filtersOn = (segment: string, interfaces: string) => {
  const spec = parseLab(
    `segments: { front: { subnet: [198.18.1.0/24, "fd64:726c:6162::/64"], ${segment} }, other: 198.18.2.0/24 }
realServers: [{ name: web, interfaces: ${interfaces} }]`,
    'lab.yaml',
  );
  const { batches, ports } = plan(spec);
  const port = ports.get('web')?.[0];
  const text = batches.find(({ host, program }) => host === 'switch' && program === 'tc')?.text ?? '';
  return text
    .split('\n')
    .filter((line) => new RegExp(` dev ${port}(\\.\\d+)? `).test(`${line} `))
    .map((line) => line.replace('filter add dev ', '').replace(`${port}`, 'PORT'));
};

it('carries no multicast but that of neighbour discovery where there is none', () => {
  expect(filtersOn('multicast: false', '{ eth0: { on: front } }')).toEqual([
    'qdisc add dev PORT clsact',
    expect.stringMatching(/^PORT ingress protocol ip .* action drop$/),
    expect.stringMatching(/^PORT ingress protocol ipv6 prio 2 .* match u8 58 0xff at 6 action ok$/),
    expect.stringMatching(/^PORT ingress protocol ipv6 prio 3 .* action drop$/),
  ]);
});

it('takes from a host only what comes from its addresses', () => {
  const lines = filtersOn(
    'portSecurity: true',
    '{ eth0: { on: front, ip: [198.18.1.7, "fd64:726c:6162::7"], allowed: [198.18.1.100] } }',
  );
  const passed = lines.flatMap((line) => / ip src (\S+) action ok/.exec(line)?.[1] ?? []);
  expect(passed).toEqual(['198.18.1.7/32', '198.18.1.100/32']);
  expect(
    filtersOn('portSecurity: true', '{ eth0: { on: front, ip: 198.18.1.7, allowed: [0.0.0.0/0] } }'),
  ).toContainEqual(
    expect.stringMatching(/arp .* match u16 0x0 0x0 at 14 match u16 0x0 0x0 at 16 action ok$/),
  );
  expect(lines.filter((line) => line.includes('ip6 src fd64:726c:6162::7/128 '))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('protocol arp'))).toHaveLength(3);
  expect(lines.at(-1)).toBe('PORT ingress protocol all prio 19 u32 match u32 0 0 action drop');
  expect(lines.slice(1, -1).every((line) => line.includes('ether src 02:0e:00:00:00:01'))).toBe(true);
});

it('looks at a VLAN where its frames have lost the tag, and lets other tags through on their port', () => {
  const lines = filtersOn('portSecurity: true', '{ eth0: { on: other }, eth0.7: { on: front } }');
  expect(lines.every((line) => / PORT\.7 |^PORT\.7 /.test(line))).toBe(true);
  const native = filtersOn('portSecurity: true', '{ eth0: { on: front }, eth0.7: { on: other } }');
  expect(native.filter((line) => line.includes('802.1Q'))).toHaveLength(1);
});

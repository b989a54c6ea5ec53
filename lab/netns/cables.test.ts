import { expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { plan } from './plan.ts';

const planOf = (interfaces: string, more = '') =>
  plan(
    parseLab(
      `segments: { front: 198.18.1.0/24, back: { subnet: 198.18.2.0/24, mtu: 9000 } }
realServers: [{ name: web, interfaces: ${interfaces}, ${more} }]`,
      'lab.yaml',
    ),
  );
const cablesOf = (interfaces: string) => planOf(interfaces).cablingOf.get('web')?.trim().split('\n');

it('tags frames on the cable of a VLAN, and nowhere else', () => {
  expect(cablesOf('{ eth0: { on: front }, eth0.20: { on: back } }')).toEqual([
    'link add p3 mtu 9000 master br0 up type veth peer name eth0 netns web mtu 9000 address 02:0e:00:00:00:01',
    'link add link p3 name p3.20 mtu 9000 master br1 up type vlan id 20',
  ]);
});

it('needs no bond in the switch for active-backup, and one for what has to be bundled there', () => {
  const ports = (mode: string) => cablesOf(`{ bond0: { of: [eth0, eth1], mode: ${mode}, on: front } }`);
  expect(ports('active-backup')?.every((line) => line.includes(' master br0 up type veth '))).toBe(true);
  expect(ports('802.3ad')).toEqual([
    'link add bp3 mtu 1500 type bond mode 802.3ad miimon 100',
    expect.stringMatching(/^link add p3 mtu 1500 type veth peer name eth0 netns web /),
    'link set p3 master bp3',
    expect.stringMatching(/^link add p4 mtu 1500 type veth peer name eth1 netns web /),
    'link set p4 master bp3',
    'link set bp3 master br0 up',
  ]);
});

it('makes what is on top of cables before sysctls are written, and brings it up from below', () => {
  const { links, batches, taps, ports } = planOf(
    '{ bond0.20: { ip: 198.18.2.7 }, bond0: { of: [ens1, ens2] } }',
    'link: { delay: 1ms }',
  );
  expect(links.map(({ host, text }) => [host, text.trim().split('\n')])).toEqual([
    [
      'web',
      [
        'link add bond0 address 02:0e:00:00:00:01 mtu 9000 type bond mode active-backup miimon 100',
        'link set ens1 master bond0',
        'link set ens2 master bond0',
        'link add link bond0 name bond0.20 address 02:0e:00:00:00:01 mtu 9000 type vlan id 20',
      ],
    ],
  ]);
  const text = batches.find(({ host, program }) => host === 'web' && program === 'ip')?.text;
  expect(text?.match(/link set \S+ up/g)).toEqual(
    ['lo', 'ens1', 'ens2', 'bond0', 'bond0.20'].map((name) => `link set ${name} up`),
  );
  expect(ports.get('web')).toEqual(['p3', 'p4']);
  expect(taps.get('web')).toEqual(['p3.20', 'p4.20']);
  expect(batches.flatMap(({ program, text: tc }) => (program === 'tc' ? tc.match(/dev \S+/g) : []))).toEqual([
    ...['dev bond0.20', 'dev p3.20', 'dev p4.20'],
  ]);
});

it('adds routes as they are written, and rules by their family', () => {
  const { batches } = planOf(
    '{ eth0: { on: front, ip: [198.18.1.7, "fd64:726c:6162::7/128"] } }',
    'routes: ["198.19.0.0/16 via 198.18.1.1 table 7"], rules: ["from 198.18.1.7 table 7", "from fd64:726c:6162::7 table 7"]',
  );
  const texts = batches.filter(({ host }) => host === 'web').map(({ program, text }) => [program, text]);
  expect(texts).toEqual([
    ['ip', expect.stringContaining('route add 198.19.0.0/16 via 198.18.1.1 table 7\n')],
    ['ip', 'rule add from 198.18.1.7 table 7\n'],
    ['ip -6', 'rule add from fd64:726c:6162::7 table 7\n'],
  ]);
});

it('listens where the VIPs are, and where real servers are', () => {
  expect(planOf('{ eth0: { on: back } }').captured).toEqual(['br0', 'br1']);
  expect(planOf('{ eth0: { on: front } }').captured).toEqual(['br0']);
});

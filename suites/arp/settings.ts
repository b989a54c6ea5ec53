import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { type Address, parseAddresses } from '../../src/probe/neighbour.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { firstServer, sysctls } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { clientOf, gatewayOf, list, serviceOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';
import { type Effect, effectOf, unseen, wrongs } from './effect.ts';

/** What a real server has set on the interface that ARP comes in by, and its addresses. */
interface Own {
  host: string;
  device: string;
  /** `all`, the interface, `lo`. */
  ignore: { all: number; own: number; lo: number };
  announce: { all: number; own: number; lo: number };
  addresses: Address[];
}

interface Settings {
  effect: Effect;
  servers: Own[];
}

async function ownOf(lab: Lab, host: HostSpec): Promise<Own> {
  const device = deviceOf(host);
  const files = ['arp_ignore', 'arp_announce'].flatMap((key) =>
    ['all', device, 'lo'].map((name) => `/proc/sys/net/ipv4/conf/${name}/${key}`),
  );
  const { stdout } = await lab.host(host.name).exec(`cat ${files.join(' ')}; exec ip -j -4 addr show`);
  const lines = stdout.split('\n');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = lines.slice(0, 6).map(Number);
  return {
    host: host.name,
    device,
    ignore: { all: a, own: b, lo: c },
    announce: { all: d, own: e, lo: f },
    addresses: parseAddresses(lines.slice(6).join('\n')),
  };
}

async function settingsOf(lab: Lab, evidence: Parameters<typeof effectOf>[1]): Promise<Settings> {
  const client = clientOf(lab.spec);
  const effect = await effectOf(lab, evidence, {
    client: client.name,
    requester: gatewayOf(lab.spec, client),
    services: [serviceOf(lab.spec, 'tcp')],
  });
  const servers = hostsOf(lab.spec, 'realServer').slice(0, 16);
  return { effect, servers: await Promise.all(servers.map((host) => ownOf(lab, host))) };
}

const larger = ({ all, own }: { all: number; own: number }): number => Math.max(all, own);

/** What is wrong with the settings by the kernel's own rule; undefined when nothing is. */
function insufficient(spec: LabSpec, own: Own): string | undefined {
  const vips = vipsOf(spec);
  const held = own.addresses.filter(({ address }) => vips.includes(address));
  const ignore = larger(own.ignore);
  const announce = larger(own.announce);
  const scoped = ignore === 3 && held.every(({ scope }) => scope === 'host');
  const onLo = (set: { lo: number }) =>
    set.lo > 0 ? `, and ${set.lo} on lo, which the kernel does not consult` : '';
  if (ignore !== 1 && ignore !== 2 && !scoped) return `arp_ignore is ${ignore}${onLo(own.ignore)}`;
  const enough = announce === 2 || (announce === 1 && held.every((one) => !inSubnet(own, one.address)));
  return enough ? undefined : `arp_announce is ${announce}${onLo(own.announce)}`;
}

/** Whether an address of the real server's LAN interface has a subnet with the VIP in it. */
const inSubnet = ({ addresses, device }: Own, vip: string): boolean =>
  addresses.some(({ device: of, address, prefixLength }) => {
    const shift = 2 ** (32 - prefixLength);
    const part = (ip: string) => Math.floor((parseIpv4(ip) ?? 0) / shift);
    return of === device && address !== vip && part(address) === part(vip);
  });

const ofServers = 'it is about what real servers have set; ARP-01 to ARP-03 see its effect from everywhere';

/** Linux inetdevice.h: IN_DEV_MAXCONF for arp_ignore and arp_announce, of the interface that the request came in by. */
export const settingsDecide = check<Settings>({
  id: 'ARP-04',
  suite: 'arp',
  level: 'must',
  title: 'arp_ignore and arp_announce are set where the kernel looks',
  requirement:
    'On the interface to the segment the larger of conf/all and conf/IFACE is 1 or 2 for arp_ignore (3 with scope host) and 2 for arp_announce (1 with the VIP in another subnet), unless other means have the same effect.',
  source: 'Linux ip-sysctl.rst (arp_ignore, arp_announce); inetdevice.h',
  needs: ['capture', 'inject', 'director'],
  vantages: once(ofServers),
  follows: ['vipAtDirector'],
  mutants: [
    {
      id: 'set-on-lo-only',
      breaks: 'both set on lo only, as many guides have it',
      change: sysctls('realServer', {
        'net.ipv4.conf.all.arp_ignore': '0',
        'net.ipv4.conf.all.arp_announce': '0',
        'net.ipv4.conf.lo.arp_ignore': '1',
        'net.ipv4.conf.lo.arp_announce': '2',
      }),
      reason: /arp_ignore is 0, and 1 on lo, which the kernel does not consult/,
    },
    {
      id: 'announce-on-lo-only',
      breaks: 'arp_announce set on lo only',
      change: sysctls('realServer', {
        'net.ipv4.conf.all.arp_announce': '0',
        'net.ipv4.conf.lo.arp_announce': '2',
      }),
      reason: /arp_announce is 0, and 2 on lo/,
    },
  ],
  observe: ({ lab, evidence }) => settingsOf(lab, evidence),
  judge({ effect, servers }, { spec }) {
    const expected = `arp_ignore and arp_announce of ${list(servers.map((one) => one.host))} suffice, or do no harm`;
    const loud = new Set(wrongs(effect, spec).map((one) => one.host));
    const short = servers.flatMap((own) => {
      const why = insufficient(spec, own);
      return why === undefined ? [] : [{ host: own.host, why: `${own.host}: ${why} on ${own.device}` }];
    });
    const harmful = short.filter(({ host }) => loud.has(host));
    if (harmful.length > 0) {
      const effects = wrongs(effect, spec).filter(({ host }) => harmful.some((one) => one.host === host));
      return fail(expected, list(effects.map((one) => one.seen)), {
        cause: `the larger of conf/all and conf/IFACE counts; ${list(harmful.map(({ why }) => why))}`,
        remedy: on(
          harmful.map(({ host }) => host),
          'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
        ),
      });
    }
    const missing = servers.length === 0 ? 'the lab has no real server' : unseen(effect);
    if (missing !== undefined) return inconclusive(expected, missing);
    return pass(
      expected,
      short.length === 0
        ? `${servers.length} of ${servers.length} suffice`
        : `other means have the effect: ${list(short.map(({ why }) => why))}, and none of them shows on the wire`,
    );
  },
});

/** Linux arp.c, arp_ignore(): the values 1 and 2 answer for every address of the interface itself. */
export const vipOffTheWire = check<Settings>({
  id: 'ARP-05',
  suite: 'arp',
  level: 'must',
  title: 'the VIP of a real server is on no interface that answers ARP on the segment',
  requirement: 'The VIP is on lo or a dummy interface; on the interface to the segment it is answered for.',
  source: 'Linux ip-sysctl.rst (arp_ignore); LVS-HOWTO, ARP problem',
  needs: ['capture', 'inject', 'director'],
  vantages: once(ofServers),
  follows: ['vipAtDirector'],
  mutants: [
    {
      id: 'vip-on-eth0',
      breaks: 'the VIP of one real server on eth0',
      change: firstServer({ vipDevice: 'eth0' }),
      reason: /rs1 has 198\.18\.0\.100 on eth0/,
    },
  ],
  observe: ({ lab, evidence }) => settingsOf(lab, evidence),
  judge({ effect, servers }, { spec }) {
    const vips = vipsOf(spec);
    const expected = `${list(vips)} on no LAN interface of ${list(servers.map((one) => one.host))}, or silent there`;
    const loud = new Set(wrongs(effect, spec).map((one) => one.host));
    const onWire = servers.flatMap(({ host, device, addresses }) =>
      addresses
        .filter((one) => one.device === device && vips.includes(one.address))
        .map((one) => ({ host, text: `${host} has ${one.address} on ${device}`, ...one })),
    );
    const [first] = onWire.filter(({ host }) => loud.has(host));
    if (first)
      return fail(expected, list(onWire.map(({ text }) => text)), {
        cause: `${first.host} answers or announces ${first.address}, since arp_ignore=1 does not silence the interface's own addresses`,
        remedy: on(
          first.host,
          `ip addr del ${first.address}/${first.prefixLength} dev ${first.device}`,
          `ip addr add ${first.address}/32 dev lo`,
        ),
      });
    const missing = servers.length === 0 ? 'the lab has no real server' : unseen(effect);
    if (missing !== undefined) return inconclusive(expected, missing);
    return pass(
      expected,
      onWire.length === 0
        ? `${list(servers.flatMap(({ addresses }) => addresses.filter((one) => vips.includes(one.address)).map((one) => one.device)))} has it`
        : `${list(onWire.map(({ text }) => text))}, and is silent by other means`,
    );
  },
});

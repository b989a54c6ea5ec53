import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { addressesOf } from '../../src/probe/neighbour.ts';
import type { Why } from '../common/looking/look.ts';
import { on, toTellApart } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';

/** What a host that answers for a VIP, and is no director, has set; explains a failure, never decides it. */
export interface Answerer {
  host: string;
  /** Those that have a VIP. */
  vipDevices: string[];
  /** Its interface to the segment. */
  device: string;
  arpIgnore: { all: string; device: string };
  arpAnnounce?: { all: string; device: string };
}

export async function answererOn(lab: Lab, host: string): Promise<Answerer> {
  const device = deviceOf(hostSpec(lab.spec, host));
  const files = ['arp_ignore', 'arp_announce'].flatMap((key) =>
    ['all', device].map((name) => `/proc/sys/net/ipv4/conf/${name}/${key}`),
  );
  const [addresses, { stdout }] = await Promise.all([
    addressesOf(lab.host(host)),
    lab.host(host).exec(`exec cat ${files.join(' ')}`),
  ]);
  const [all = '', own = '', announceAll = '', announceOwn = ''] = stdout.trim().split('\n');
  const vips = vipsOf(lab.spec);
  const vipDevices = addresses.filter((one) => vips.includes(one.address)).map((one) => one.device);
  return {
    ...{ host, vipDevices, device },
    arpIgnore: { all, device: own },
    arpAnnounce: { all: announceAll, device: announceOwn },
  };
}

/** Why hosts that are no directors answer for the VIP, as far as what they have set tells; those of one reason together. */
export function whyAnswering(spec: LabSpec, vip: string, answerers: Answerer[]): Why {
  const owners = answerers.filter((one) => roleOf(spec, one) !== 'realServer' && one.vipDevices.length > 0);
  const others = answerers.filter((one) => !owners.includes(one));
  const onWire = others.filter((one) => one.vipDevices.includes(one.device));
  const rest = others.filter((one) => !onWire.includes(one));
  const loose = rest.filter((one) => one.vipDevices.length > 0 && !silences(one));
  const strange = rest.filter((one) => !loose.includes(one));
  const whys = [
    ...owners.map((one) => usedTwice(spec, vip, one)),
    ...onWire.map((one) => heldOnWire(vip, one)),
    ...byIgnore(loose),
    ...(strange.length > 0 ? [otherwise(vip, strange)] : []),
  ];
  return {
    cause: whys.map(({ cause }) => cause).join('; '),
    remedy: whys.flatMap(({ remedy }) => remedy),
  };
}

const usedTwice = (spec: LabSpec, vip: string, owner: Answerer): Why => ({
  cause: `${owner.host}, a ${roleOf(spec, owner)}, has ${vip} on ${list(owner.vipDevices)}: the address is used twice`,
  remedy: on(owner.host, ...owner.vipDevices.map((device) => `ip addr flush dev ${device} to ${vip}`)),
});

const heldOnWire = (vip: string, { host, device }: Answerer): Why => ({
  cause: `${host} has the VIP on ${device}, where arp_ignore=1 does not silence it`,
  remedy: on(host, `ip addr flush dev ${device} to ${vip}`, `ip addr add ${vip}/32 dev lo`),
});

function byIgnore(loose: Answerer[]): Why[] {
  const values = [...new Set(loose.map(effective))];
  return values.map((value) => {
    const those = loose.filter((one) => effective(one) === value);
    const hosts = those.map(({ host }) => host);
    const device = those[0]?.device ?? '';
    const scope = value === 3 ? '; 3 silences scope host only, and the VIP has scope global' : '';
    return {
      cause: `${list(hosts)}: effective arp_ignore is ${value} on ${device} (the larger of conf/all and conf/${device})${scope}`,
      remedy: on(hosts, 'sysctl -w net.ipv4.conf.all.arp_ignore=1'),
    };
  });
}

function otherwise(vip: string, answerers: Answerer[]): Why {
  const hosts = answerers.map(({ host }) => host);
  const held = answerers.some((one) => one.vipDevices.length > 0)
    ? 'although arp_ignore silences it'
    : 'which is no address of its own';
  return {
    cause: `${list(hosts)} answers for ${vip}, ${held}: proxy ARP, a local route, or a program that answers`,
    remedy: toTellApart(
      on(hosts, 'ip neigh show proxy', 'sysctl -a -r proxy_arp', `ip route get ${vip}`, 'ss -0lp'),
    ),
  };
}

/** Why a real server sends requests with the VIP as sender. */
export function whyAsking(vip: string, hosts: string[], asker?: Answerer): Why {
  const host = list(hosts);
  const { arpAnnounce, vipDevices = [], device = '' } = asker ?? {};
  const announce = arpAnnounce && larger(arpAnnounce);
  if (announce === undefined || announce < 2)
    return {
      cause: `${host} asks with the VIP as sender: ${announce === undefined ? 'arp_announce is below 2' : `effective arp_announce is ${announce} on ${device}, below 2`}`,
      remedy: on(hosts, 'sysctl -w net.ipv4.conf.all.arp_announce=2'),
    };
  if (vipDevices.includes(device))
    return {
      cause: `${host} asks with the VIP as sender although arp_announce is 2, since it has the VIP on ${device}`,
      remedy: on(hosts, `ip addr flush dev ${device} to ${vip}`, `ip addr add ${vip}/32 dev lo`),
    };
  return {
    cause: `${host} asks with the VIP as sender although arp_announce is ${announce}: a program announces it (keepalived, arping -U)`,
    remedy: on(hosts, 'ps aux', 'ss -0lp'),
  };
}

const roleOf = (spec: LabSpec, { host }: Answerer): HostSpec['role'] => hostSpec(spec, host).role;

const larger = ({ all, device }: { all: string; device: string }): number =>
  Math.max(Number(all), Number(device));

const effective = ({ arpIgnore }: Answerer): number => larger(arpIgnore);

/** Linux arp.c, arp_ignore(): for an address of another interface, of scope global. */
const silences = (one: Answerer): boolean => [1, 2, 8].includes(effective(one));

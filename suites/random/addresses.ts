import { freeAddresses } from '../../src/model/free-addresses.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { afterApply } from '../common/mutate.ts';
import { dev, type Kind, on } from './kind.ts';

const vipMissing: Kind = {
  name: 'vip-missing',
  family: 'addresses',
  draw(from) {
    const [server, { vip }] = [from.realServer(), from.service()];
    const { vipDevice = 'lo', vipPrefixLength = 32 } = server.server ?? {};
    return {
      hosts: [server],
      breaks: `${server.name} does not have the VIP`,
      change: afterApply(() => on(server, `ip addr del ${vip}/${vipPrefixLength} dev ${vipDevice}`)),
      cause:
        /does not have the VIP|without the VIP|VIP is missing|lacks (the address )?(the VIP|198\.)|no VIP/i,
    };
  },
};

const vipToo: Kind = {
  name: 'vip-too',
  family: 'addresses',
  draw(from) {
    const { vip } = from.service();
    const strangers = [
      ...hostsOf(from.spec, 'client').filter((host) => isOnLan(from.spec, host)),
      ...hostsOf(from.spec, 'router'),
      ...from.standby(),
    ];
    const host = from.one([from.realServer(), from.one(strangers)]);
    return {
      hosts: [host],
      breaks: `${host.name} has the VIP on ${dev(host)}`,
      change: afterApply(() => on(host, `ip addr add ${vip}/32 dev ${dev(host)}`)),
      cause:
        /has the VIP|owns the VIP|holds the VIP|have the VIP|hold the VIP|VIP .*eth0|answers .*VIP|split brain|more than one/i,
    };
  },
};

const doubled: Kind = {
  name: 'address-doubled',
  family: 'addresses',
  draw(from) {
    const server = from.realServer();
    const owner = from.one([server, from.active()]);
    const others = hostsOf(from.spec, 'realServer').concat(hostsOf(from.spec, 'client'));
    const thief = from.one(
      others.filter((host) => host.name !== owner.name && host.segment === owner.segment),
    );
    return {
      hosts: [thief, owner],
      breaks: `${thief.name} has the address of ${owner.name}, too`,
      change: afterApply(() => on(thief, `ip addr add ${owner.ip}/32 dev ${dev(thief)}`)),
      cause:
        /duplicate|twice|two hosts|both|two MAC|more than one|has the address|also|too\b|extra|not declared|answers? for/i,
    };
  },
};

const renumbered: Kind = {
  name: 'renumbered',
  family: 'addresses',
  draw(from) {
    const server = from.realServer();
    const [ip = ''] = freeAddresses(from.spec, 1, { from: 'middle' });
    const way = server.gateway === undefined ? [] : [`ip route replace default via ${server.gateway}`];
    return {
      hosts: [server],
      breaks: `${server.name} has ${ip} instead of ${server.ip}`,
      change: afterApply(() =>
        on(
          server,
          `ip addr del ${server.ip}/${server.prefixLength} dev ${dev(server)}`,
          `ip addr add ${ip}/${server.prefixLength} brd + dev ${dev(server)}`,
          ...way,
        ),
      ),
      cause: /ARP answer|answers no ARP|does not have|address|unresolved|no host/i,
    };
  },
};

const macOfAnother: Kind = {
  name: 'mac-of-another',
  family: 'macs',
  draw(from) {
    const thief = from.realServer();
    const owners = [...hostsOf(from.spec, 'realServer'), from.active()];
    const owner = from.one(owners.filter(({ name }) => name !== thief.name));
    return {
      hosts: [thief, owner],
      breaks: `${thief.name} has the MAC of ${owner.name}`,
      change: afterApply(() => on(thief, `ip link set dev ${dev(thief)} address ${owner.mac}`)),
      cause: /\bMAC\b|link address/i,
    };
  },
};

const noArp: Kind = {
  name: 'no-arp',
  family: 'macs',
  draw(from) {
    const host = from.one([from.realServer(), from.active()]);
    return {
      hosts: [host],
      breaks: `ARP is switched off on ${dev(host)} of ${host.name}`,
      change: afterApply(() => on(host, `ip link set dev ${dev(host)} arp off`)),
      cause: /\bARP\b/i,
    };
  },
};

export const addresses = [vipMissing, vipToo, doubled, renumbered, macOfAnother, noArp];

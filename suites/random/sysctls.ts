import type { HostSpec } from '../../src/model/spec.ts';
import { hostsOf } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, type Kind, on } from './kind.ts';

type Setting = [key: string, value: string];

const sysctl = (
  name: string,
  draw: (from: Draw) => { host: HostSpec; settings: Setting[] },
  cause: RegExp,
): Kind => ({
  name,
  family: 'sysctls',
  draw(from) {
    const { host, settings } = draw(from);
    const words = settings.map(([key, value]) => `${key}=${value}`);
    return {
      hosts: [host],
      breaks: `on ${host.name} ${words.join(' and ')}`,
      change: afterApply(() => on(host, `sysctl -qw ${words.join(' ')}`)),
      cause,
    };
  },
});

const conf = (key: string, value: string): Setting => [`net.ipv4.conf.all.${key}`, value];

export const sysctls = [
  sysctl(
    'arp-ignore',
    (from) => ({ host: from.realServer(), settings: [conf('arp_ignore', '0')] }),
    /arp_ignore/,
  ),
  sysctl(
    'arp-announce',
    (from) => ({ host: from.realServer(), settings: [conf('arp_announce', from.one(['0', '1']))] }),
    /arp_announce/,
  ),
  sysctl(
    'deaf-to-arp',
    (from) => ({ host: from.one([from.realServer(), from.active()]), settings: [conf('arp_ignore', '8')] }),
    /arp_ignore|\bARP\b/,
  ),
  sysctl(
    'router-forwards-not',
    (from) => ({ host: from.one(hostsOf(from.spec, 'router')), settings: [['net.ipv4.ip_forward', '0']] }),
    /ip_forward|forwarding|does not forward|forwards nothing/,
  ),
  sysctl(
    'drops-packets',
    (from) => ({
      host: from.active(),
      settings: [
        ['net.ipv4.vs.am_droprate', from.one(['2', '4'])],
        ['net.ipv4.vs.drop_packet', '3'],
      ],
    }),
    /drop_packet|loss|lost|drops|limit/,
  ),
  sysctl(
    'sloppy-tcp',
    (from) => ({ host: from.active(), settings: [['net.ipv4.vs.sloppy_tcp', '1']] }),
    /sloppy_tcp/,
  ),
];

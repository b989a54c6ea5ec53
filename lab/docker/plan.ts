import { sysctlsToWrite } from '../../src/model/files.ts';
import { methodsOf } from '../../src/model/forwarding.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { addressing, loadTunnels, sysctlPath } from '../base/addressing.ts';
import { qdiscLine } from '../base/impairment.ts';

/** What is applied to a container once its interfaces are there, as texts, in this order. */
export interface HostPlan {
  /** Paths relative to /proc/sys. */
  sysctls: { host: string; path: string; value: string }[];
  batches: { host: string; program: 'ip' | 'tc'; text: string }[];
  configs: ConfigText[];
}

/** Pure: the same spec gives the same texts. The empty host name is where the agent is. */
export function planHost(spec: LabSpec, host: HostSpec): HostPlan {
  const ip = `${interfaces(spec, host)}${addressing(spec, host)}`;
  const tc = host.link ? impairment(host.link) : '';
  const sysctls = Object.entries(sysctlsToWrite(host));
  const config = (name: string, text: string): ConfigText => ({ host: host.name, name, text });
  return {
    sysctls: sysctls.map(([key, value]) => ({ host: '', path: sysctlPath(key), value })),
    batches: [
      { host: '', program: 'ip', text: ip },
      { host: '', program: 'tc', text: tc },
    ],
    configs: [
      config('ip -batch', ip),
      config('tc -batch', tc),
      config('sysctls', sysctls.map(([key, value]) => `${key} = ${value}\n`).join('')),
    ].filter(({ text }) => text !== ''),
  };
}

/** Docker's own address and default route go, so that every host of every driver is addressed by the same lines. */
function interfaces(spec: LabSpec, host: HostSpec): string {
  const { mtu } = spec.network;
  const lines = [`link set eth0 mtu ${mtu}`, 'addr flush dev eth0'];
  if (host.outside) {
    lines.push(`link set eth1 address ${host.outside.mac} mtu ${mtu}`, 'addr flush dev eth1');
  }
  if (host.server?.vipDevice === 'dummy0') lines.push('link add dummy0 type dummy');
  // What comes in passes through a second device, since a queue works only on what goes out.
  if (host.link) lines.push('link add ifb0 type ifb', 'link set ifb0 up');
  const tunnels = methodsOf(spec).includes('tun') ? loadTunnels : '';
  return `${lines.join('\n')}\n${tunnels}`;
}

function impairment(link: NonNullable<HostSpec['link']>): string {
  const line = qdiscLine('eth0', link);
  if (line === '') return '';
  const redirect =
    'qdisc add dev eth0 ingress\nfilter add dev eth0 parent ffff: matchall action mirred egress redirect dev ifb0\n';
  return `${line}${redirect}${qdiscLine('ifb0', link)}`;
}

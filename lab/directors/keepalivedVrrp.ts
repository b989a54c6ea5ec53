import {
  addressBeside,
  deviceOf,
  type HostSpec,
  hostsOf,
  type LabSpec,
  type VrrpInstanceSpec,
  type VrrpSpec,
  vrrpInstancesOf,
} from '../../src/model/spec.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { ofHighest } from './active.ts';
import { block, command, keyword, line } from './blocks.ts';

/** The blocks of VRRP in keepalived.conf(5): tracking scripts, the sync group, and the instances. */
export function vrrpBlocks(spec: LabSpec, vrrp: VrrpSpec, director: HostSpec): string[][] {
  const instances = vrrpInstancesOf(spec);
  return [
    ...(vrrp.trackScripts ?? []).map((track) =>
      block(`vrrp_script ${track.name}`, [
        `script ${command(track.script)}`,
        `interval ${track.intervalS}`,
        `timeout ${track.timeoutS}`,
        `rise ${track.rise}`,
        `fall ${track.fall}`,
        ...(track.weight === 0 ? [] : [`weight ${track.weight}`]),
      ]),
    ),
    ...(vrrp.syncGroup
      ? [
          block(
            'vrrp_sync_group drlab',
            block(
              'group',
              instances.map(({ name }) => name),
            ),
          ),
        ]
      : []),
    ...instances.map((instance) => vrrpInstance(spec, vrrp, instance, director)),
  ];
}

function vrrpInstance(
  spec: LabSpec,
  vrrp: VrrpSpec,
  instance: VrrpInstanceSpec,
  director: HostSpec,
): string[] {
  const directors = hostsOf(spec, 'director');
  const index = directors.findIndex(({ name }) => name === director.name);
  const isHighest = ofHighest(spec, instance.priorities)?.name === director.name;
  const six = instance.vips.every(isIpv6);
  const own = (host: HostSpec): string => (six ? addressBeside(host, '::') : host.ip);
  const peers = directors.filter(({ name }) => name !== director.name).map(own);
  const { trackInterfaces = [], trackScripts = [], garp = {} } = vrrp;
  const onDevice = vrrp.virtualMac ? '' : ` dev ${deviceOf(director)}`;
  return block(`vrrp_instance ${instance.name}`, [
    `state ${vrrp.preempt && isHighest ? 'MASTER' : 'BACKUP'}`,
    `interface ${deviceOf(director)}`,
    ...(vrrp.virtualMac ? [`use_vmac vrrp.${instance.virtualRouterId}`] : []),
    // keepalived.conf(5): "If using use_vmac with unicast peers, vmac_xmit_base must be set".
    ...keyword('vmac_xmit_base', vrrp.virtualMac && vrrp.unicast),
    // RFC 9568: IPv6 is of version 3 alone.
    `version ${six ? 3 : vrrp.version}`,
    ...keyword('native_ipv6', six),
    `virtual_router_id ${instance.virtualRouterId}`,
    `priority ${instance.priorities[index] ?? 100}`,
    `advert_int ${vrrp.advertMs / 1000}`,
    ...(vrrp.unicast ? [`unicast_src_ip ${own(director)}`, ...block('unicast_peer', peers)] : []),
    ...keyword('nopreempt', !vrrp.preempt),
    ...line('preempt_delay', vrrp.preemptDelayS),
    ...line('garp_master_delay', garp.delayS),
    ...line('garp_master_repeat', garp.repeat),
    ...line('garp_master_refresh', vrrp.garpRefreshS || undefined),
    ...line('garp_master_refresh_repeat', garp.refreshRepeat),
    ...listed(
      'track_interface',
      trackInterfaces.map(({ device, weight }) => `${device}${weight === 0 ? '' : ` weight ${weight}`}`),
    ),
    ...listed(
      'track_script',
      trackScripts.map(({ name }) => name),
    ),
    ...addressBlocks(instance, six, onDevice),
  ]);
}

/**
 * keepalived.conf(5): an instance is of one family, and «virtual_ipaddress_excluded» may be of the other; the first address of one
 * over IPv6 is link-local, since RFC 9568 has it so.
 */
function addressBlocks(
  { virtualRouterId, vips }: VrrpInstanceSpec,
  six: boolean,
  onDevice: string,
): string[] {
  const lines = (some: string[]) => some.map((vip) => `${vip}/${isIpv6(vip) ? 128 : 32}${onDevice}`);
  if (six)
    return block('virtual_ipaddress', [
      `fe80::5e:${virtualRouterId.toString(16)}/64${onDevice}`,
      ...lines(vips),
    ]);
  return [
    ...block('virtual_ipaddress', lines(vips.filter((vip) => !isIpv6(vip)))),
    ...listed('virtual_ipaddress_excluded', lines(vips.filter(isIpv6))),
  ];
}

const listed = (head: string, lines: string[]): string[] => (lines.length > 0 ? block(head, lines) : []);

import { intentOf, readKeepalived } from '../../reading/keepalived/index.ts';
import { readSysctls } from '../../reading/sysctl.ts';
import { filesOf } from '../../reading/testing/texts.ts';
import type { HostFiles } from '../rule.ts';

/** A host with these texts, by name: keepalived.conf, and sysctl.d in the order of the boot. */
export function hostOf(name: string, texts: { keepalived?: string; sysctls?: string }): HostFiles {
  const { keepalived, sysctls } = texts;
  const configuration =
    keepalived === undefined ? undefined : readKeepalived(`${name}.conf`, keepalived, { files: filesOf({}) });
  return {
    name,
    ...(configuration && { keepalived: { configuration, intent: intentOf(configuration) } }),
    sysctls: sysctls === undefined ? [] : readSysctls(`${name}.sysctl`, sysctls),
  };
}

/** An instance of a pair; more lines go into it. */
export const instance = (...more: string[]): string =>
  [
    'vrrp_instance web {',
    'state BACKUP',
    'interface eth0',
    'virtual_router_id 51',
    'priority 150',
    'nopreempt',
    ...more,
    'virtual_ipaddress {',
    '192.0.2.100',
    '}',
    '}',
    '',
  ].join('\n');

export const service = (...more: string[]): string =>
  ['virtual_server 192.0.2.100 80 {', 'protocol TCP', 'lb_algo wrr', 'lb_kind DR', ...more, '}', ''].join(
    '\n',
  );

export const server = (address: string, ...more: string[]): string =>
  [`real_server ${address} 80 {`, 'TCP_CHECK {', 'connect_timeout 3', '}', ...more, '}', ''].join('\n');

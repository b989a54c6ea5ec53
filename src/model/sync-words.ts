import type { SyncSpec } from './director.ts';
import { deviceOf, type HostSpec } from './spec.ts';

/** Options of a synchronisation daemon, in the words of ipvsadm(8) --start-daemon. */

export interface SyncOptions {
  device: string;
  id: number;
  maxLength?: number | undefined;
  group?: string | undefined;
  port?: number | undefined;
  ttl?: number | undefined;
}

/** The kernel's own (ip_vs_sync.c): IP_VS_SYNC_GROUP, IP_VS_SYNC_PORT, TTL 1, and what fits into 1500 bytes. */
const usual = { maxLength: 1472, group: '224.0.0.81', port: 8848, ttl: 1 };

/** Without what the kernel does anyway, so that the same daemon always has the same words. */
export function syncWords({ device, id, ...rest }: SyncOptions): string {
  const given = <K extends keyof typeof usual>(key: K, option: string): string =>
    rest[key] === undefined || rest[key] === usual[key] ? '' : ` --${option} ${rest[key]}`;
  return `--mcast-interface ${device} --syncid ${id}${given('maxLength', 'sync-maxlen')}${given('group', 'mcast-group')}${given('port', 'mcast-port')}${given('ttl', 'mcast-ttl')}`;
}

export const syncOptionsOf = (sync: SyncSpec, director: HostSpec): SyncOptions => ({
  ...sync,
  device: sync.device ?? deviceOf(director),
});

import type { DirectorKind } from '../../src/model/spec.ts';
import { heartbeat } from './heartbeat.ts';
import { ipvsadm } from './ipvsadm.ts';
import { keepalived } from './keepalived.ts';
import type { Kind } from './kind.ts';
import { ldirectord } from './ldirectord.ts';
import { nftables } from './nftables.ts';

export { activeDirector } from './active.ts';
export { confFile as keepalivedConfFile, keepalivedCommand } from './keepalivedCommand.ts';
export type { Holding, Kind } from './kind.ts';

export const kinds: Record<DirectorKind, Kind> = { ipvsadm, keepalived, nftables, ldirectord, heartbeat };

import type { DirectorKind, LabSpec } from '../../src/model/spec.ts';
import type { Director } from './director.ts';
import { heartbeat } from './heartbeat.ts';
import { ipvsadm } from './ipvsadm.ts';
import { keepalived } from './keepalived.ts';
import { ldirectord } from './ldirectord.ts';
import { nftables } from './nftables.ts';
import { expectPossible } from './possible.ts';

export { activeDirector } from './active.ts';
export { startBird, unannounced } from './announcing.ts';
export type { Director, Holding } from './director.ts';
export { expectEngines } from './engines.ts';
export { confFile as keepalivedConfFile, keepalivedCommand } from './keepalivedCommand.ts';
export { markTexts, setMarks } from './marks.ts';

/** What only code can do, of each kind. */
export const directors: Record<DirectorKind, Director> = {
  ipvsadm,
  keepalived,
  nftables,
  ldirectord,
  heartbeat,
};

/** That of the lab. @throws as `expectPossible` does. */
export function directorOf(spec: LabSpec): Director {
  expectPossible(spec);
  return directors[spec.director.kind];
}

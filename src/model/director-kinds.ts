import { orList } from '../util/words.ts';
import type { DirectorSpec } from './director.ts';
import {
  announcer,
  type DirectorKey,
  type DirectorTraits,
  directorTraits,
  type Program,
  type ServiceKey,
} from './director-traits.ts';
import { type DirectorKind, directorKinds } from './kinds.ts';

/** Questions to the table of traits. */

export const traitsOf = ({ director }: { director: DirectorSpec }): DirectorTraits =>
  directorTraits[director.kind];

/** What must be installed for the directors of a lab. */
export const programsFor = ({ kind, announce }: DirectorSpec): Program[] => [
  ...directorTraits[kind].programs,
  ...(announce ? announcer : []),
];

/** In the order of the table. */
export const kindsThat = (have: (traits: DirectorTraits) => unknown): DirectorKind[] =>
  directorKinds.filter((kind) => have(directorTraits[kind]));

export const hasIpvs = (kind: DirectorKind): boolean => directorTraits[kind].dataPlane === 'ipvs';

/** A daemon manages its rules and checks the real servers. */
export const hasDaemon = (kind: DirectorKind): boolean => directorTraits[kind].health !== undefined;

/** Nobody but who set them changes its IPVS rules. */
export const isSetByHand = (kind: DirectorKind): boolean => hasIpvs(kind) && !hasDaemon(kind);

/** How directors of this kind take over from each other, if they do. */
export function takeOverOf(kind: DirectorKind): 'vrrp' | 'heartbeat' | undefined {
  const { several } = directorTraits[kind];
  return 'takeOver' in several ? several.takeOver : undefined;
}

/** There must be exactly two of this kind. */
export function comesInPairs(kind: DirectorKind): boolean {
  const { several } = directorTraits[kind];
  return 'takeOver' in several && several.pair === true;
}

/** The kinds that take this key of «directors»; first the one to take instead, which takes over where one can. */
export function kindsWithKey(key: DirectorKey): DirectorKind[] {
  const kinds = kindsThat(({ directorKeys }) => directorKeys.includes(key));
  const best = kinds.find(takeOverOf);
  return best ? [best, ...kinds.filter((kind) => kind !== best)] : kinds;
}

export const kindsWithServiceKey = (key: ServiceKey): DirectorKind[] =>
  kindsThat(({ serviceKeys }) => serviceKeys.includes(key));

/** What the kernel of a sandbox must know for it. */
export const kernelNeedsOf = (kind: DirectorKind): { ipvs: boolean; nftNetdev: boolean } => ({
  ipvs: directorTraits[kind].dataPlane === 'ipvs',
  nftNetdev: directorTraits[kind].dataPlane === 'nftNetdev',
});

/** The two most usual ones of those kinds, as a hint. */
export const suchAs = (kinds: DirectorKind[]): string => orList(kinds.slice(0, 2));

import type { Owner } from './labels.ts';

/** The mark of drlab's own interfaces among those of a Docker host: their alias, up to 255 bytes. */
export const aliasOf = ({ run, machine, boot, pid, startTicks }: Owner): string =>
  `drlab:${[run, boot, pid, startTicks, machine].join(':')}`;

/** @returns undefined where the alias is not drlab's. */
export function aliasOwner(alias: string): Owner | undefined {
  const [mark, run, boot, pid, startTicks, machine] = alias.split(':');
  if (mark !== 'drlab' || !run || !boot || !pid || !startTicks || !machine) return undefined;
  return { run, boot, pid: Number(pid), startTicks, machine };
}

/** Interfaces of one run begin so; with the segment's letter and the end they stay within 15 bytes. */
export const cableName = (run: string): string => `drlab${run}`;

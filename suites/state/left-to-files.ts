import { filesSay } from '../../src/model/files.ts';
import { type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { starterOf } from '../../src/model/starters.ts';
import type { Fact } from '../../src/probe/state/index.ts';
import type { Meant, MeantHost } from './compare.ts';

/**
 * What the lab file does not decide where a host brings files of its own. What it means stays: services, real servers, weights, and that
 * the host has its address. Pure.
 */
export function leftToFiles(spec: LabSpec, host: HostSpec, meant: MeantHost): MeantHost {
  if (!host.files) return meant;
  const open = openKinds(host);
  return {
    ...meant,
    whole: new Set([...meant.whole].filter((kind) => !open.has(kind))),
    facts: meant.facts.map((fact) => softened(spec, host, fact)),
  };
}

/** Kinds of which the files may bring more than the lab file says. */
function openKinds(host: HostSpec): Set<Fact['kind']> {
  const start = host.files?.start ?? [];
  const filters = start.some((step) => starterOf(step)?.filters);
  const shell = start.some((step) => !starterOf(step));
  const wires: Fact['kind'][] = ['address', 'route', 'rule', 'neighbour', 'link'];
  return new Set([
    ...(filters ? (['filter', 'table'] as const) : []),
    ...(filesSay(host, 'addresses') || shell ? wires : []),
    ...(filesSay(host, 'directing') ? ([...wires, 'filter', 'table', 'sync'] as const) : []),
    ...(shell ? (['filter', 'table', 'queue', 'daemon'] as const) : []),
  ]);
}

function softened(spec: LabSpec, host: HostSpec, fact: Meant): Meant {
  const isVip = fact.kind === 'address' && vipsOf(spec).some((vip) => fact.key.startsWith(`${vip}/`));
  if (isVip && (filesSay(host, 'vips') || filesSay(host, 'directing'))) return { ...fact, optional: true };
  if (fact.kind === 'sysctl' && filesSay(host, 'sysctls')) return { ...fact, any: true };
  const ofDirecting = fact.kind === 'timeouts' || fact.kind === 'sync';
  return ofDirecting && filesSay(host, 'directing') ? { ...fact, optional: true, any: true } : fact;
}

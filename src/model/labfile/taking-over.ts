import { hostsOf, type LabSpec } from '../spec.ts';
import { Problems } from './problems.ts';
import { resolveVrrp } from './vrrp.ts';

/** The same directors, of which one is active, as those of a lab that says nothing: for stages, which begin from there. */
export function takingOver(spec: LabSpec): LabSpec {
  const { announce, ...director } = spec.director;
  if (!announce) return spec;
  const count = hostsOf(spec, 'director').length;
  const problems = new Problems(spec.name, () => ({ line: 1, column: 1 }));
  const vrrp = count > 1 ? resolveVrrp(undefined, count, problems) : undefined;
  problems.throwIfAny();
  return { ...spec, director: { ...director, ...(vrrp && { vrrp }) } };
}

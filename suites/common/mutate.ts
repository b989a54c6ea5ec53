import { hostsOf, type LabSpec, type Role, type ServerSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';

/** Ways to break a lab on purpose: each returns a changed copy and leaves the given lab alone. */
type Change = (spec: LabSpec) => LabSpec;

const copy = (spec: LabSpec): LabSpec => structuredClone(spec);

/** Sets sysctls on every host of a role. */
export function sysctls(role: Role, values: Record<string, string>): Change {
  return (spec) => {
    const changed = copy(spec);
    for (const host of hostsOf(changed, role)) Object.assign(host.sysctls, values);
    return changed;
  };
}

/** Changes the server part of the first real server only, since one bad server is what happens. */
export function firstServer(patch: Partial<ServerSpec>): Change {
  return (spec) => {
    const changed = copy(spec);
    const server = hostsOf(changed, 'realServer')[0]?.server;
    if (server) Object.assign(server, patch);
    return changed;
  };
}

/** Runs shell text when the lab is configured; it is handed the lab to name hosts and addresses. */
export function afterApply(text: (spec: LabSpec) => string): Change {
  return (spec) => {
    const changed = copy(spec);
    changed.hooks.afterApply.push(text(spec));
    return changed;
  };
}

/** Shell text that runs on every director, the active one or not. */
export const onDirectors = (text: (spec: LabSpec) => string): Change =>
  afterApply((spec) =>
    hostsOf(spec, 'director')
      .map((director) => `ip netns exec ${director.name} sh -ec '${text(spec)}'`)
      .join('\n'),
  );

export const onFirstServer = (text: (spec: LabSpec) => string): Change =>
  afterApply((spec) => `ip netns exec ${nameOfFirst(spec, 'realServer')} sh -ec '${text(spec)}'`);

export function nameOfFirst(spec: LabSpec, role: Role): string {
  const first = hostsOf(spec, role)[0];
  if (!first) throw new NotInLab(`lab «${spec.name}» has no ${role}`);
  return first.name;
}

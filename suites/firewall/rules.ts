import { hasIpvs, traitsOf } from '../../src/model/director-kinds.ts';
import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { afterApply, onDirectors, onFirstServer } from '../common/mutate.ts';

/** Firewall rules as operators write them. Labs whose kernel has IPVS have the legacy tables of iptables. */
type Change = (spec: LabSpec) => LabSpec;

/** @throws {NotInLab} where the kernel is the machine's own, which need not have these tables. */
function legacyTables(spec: LabSpec): LabSpec {
  if (!hasIpvs(spec.director.kind))
    throw new NotInLab(
      `lab «${spec.name}» has ${traitsOf(spec).title}: rules of iptables do not belong there`,
    );
  return spec;
}

const script = (rules: string[]): string => rules.map((rule) => `iptables-legacy -w ${rule}`).join('\n');

/** Rules on every director, as arguments of `iptables`. */
export const directorRules = (rules: (spec: LabSpec) => string[]): Change =>
  onDirectors((spec) => script(rules(legacyTables(spec))));

export const firstServerRules = (rules: (spec: LabSpec) => string[]): Change =>
  onFirstServer((spec) => script(rules(legacyTables(spec))));

/** Rules on every real server, which may name the server that they are for. */
export const serverRules = (rules: (spec: LabSpec) => string[]): Change =>
  afterApply((spec) =>
    hostsOf(spec, 'realServer')
      .map(({ name }) => `ip netns exec ${name} sh -ec '${script(rules(legacyTables(spec)))}'`)
      .join('\n'),
  );

/** The four ways in which IPVS and connection tracking can be set beside each other on a director. */
export const trackings = [0, 1].flatMap((conntrack) =>
  [0, 1].map((loose) => ({
    id: `conntrack-${conntrack}-loose-${loose}`,
    words: `vs.conntrack=${conntrack}, nf_conntrack_tcp_loose=${loose}`,
    /** After the rules: the second one exists only once connection tracking does. */
    set: onDirectors(
      () => `sysctl -qw net.ipv4.vs.conntrack=${conntrack} net.netfilter.nf_conntrack_tcp_loose=${loose}`,
    ),
  })),
);

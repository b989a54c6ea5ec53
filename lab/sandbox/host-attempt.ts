import { dockerd, lacking } from './locate.ts';
import { canUnshare, probeIsolated } from './probe.ts';
import type { Attempt, SandboxNeeds } from './types.ts';

interface Probe {
  need: keyof SandboxNeeds;
  /** Uses the feature as the lab will. */
  script: string;
  /** Debian package of the program; both have the name given. */
  program: string;
  package: string;
  feature: string;
}

const probes: Probe[] = [
  {
    need: 'ipvs',
    script: 'ipvsadm -A -t 198.18.0.1:80 -s rr && ipvsadm -a -t 198.18.0.1:80 -r 198.18.0.2 -g',
    program: 'ipvsadm',
    package: 'ipvsadm',
    feature: 'IPVS',
  },
  {
    need: 'nftNetdev',
    script: [
      'nft add table netdev probe',
      "nft 'add chain netdev probe c { type filter hook ingress device lo priority 0; }'",
      'nft add rule netdev probe c fwd to lo',
    ].join(' && '),
    program: 'nft',
    package: 'nftables',
    feature: 'the netdev family of nf_tables',
  },
];

/** Starts an isolated shell and uses there what the lab needs. */
export async function attemptHost(needs: SandboxNeeds): Promise<Attempt> {
  const entry = await canUnshare();
  if (!entry.ok) return entry;
  if (needs.dockerd) {
    if (process.getuid?.() !== 0) return { ok: false, why: 'dockerd needs root on this kernel' };
    const missing = await lacking([dockerd]);
    if (missing) return missing;
  }
  const wanted = probes.filter((probe) => needs[probe.need]);
  for (const { script, program, package: name, feature } of wanted) {
    const { code, said } = await probeIsolated(script);
    if (code === 127) {
      return { ok: false, why: `${program} is not installed`, install: `apt-get install ${name}` };
    }
    if (code !== 0) return { ok: false, why: `this kernel has no usable ${feature} in a namespace: ${said}` };
  }
  const tried = wanted.map((probe) => `, and ${probe.feature} works there`).join('');
  return { ok: true, why: `${entry.why}${tried}` };
}

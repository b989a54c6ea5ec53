import type { Program } from './director-traits.ts';
import type { Said } from './spec.ts';

/** What a host can be started on, from files that it brings: one table, in the order in which a machine boots. */

export interface Starter {
  /** Files of a host, as it sees them, that call for it. */
  files: RegExp;
  /** What drlab then leaves to them. */
  says?: Said;
  /** It brings filters and tables of its own. */
  filters?: true;
  /** It stays. */
  daemon?: true;
  program: Program;
  /** Where what the machine itself has would mix with what the host brings. */
  alone?: readonly string[];
  /** It starts this one itself. */
  includes?: string;
}

const starterTable = {
  sysctl: {
    files: /^\/(etc|run|usr\/lib|usr\/local\/lib|lib)\/sysctl\.d\/[^/]+\.conf$|^\/etc\/sysctl\.conf$/,
    says: 'sysctls',
    alone: ['/etc/sysctl.d', '/etc/sysctl.conf'],
    program: { name: 'sysctl', package: 'procps' },
  },
  interfaces: {
    files: /^\/etc\/network\/interfaces(\.d\/[^/]+)?$/,
    says: 'addresses',
    alone: ['/etc/network'],
    program: { name: 'ifup', package: 'ifupdown' },
  },
  nftables: {
    files: /^\/etc\/nftables\.conf$/,
    filters: true,
    program: { name: 'nft', package: 'nftables' },
  },
  iptables: {
    filters: true,
    files: /^\/etc\/iptables\/rules\.v[46]$/,
    program: { name: 'iptables-restore', package: 'iptables' },
    alone: ['/etc/iptables'],
  },
  ipvsadm: {
    files: /^\/etc\/ipvsadm\.rules$/,
    says: 'directing',
    program: { name: 'ipvsadm', package: 'ipvsadm' },
  },
  keepalived: {
    files: /^\/etc\/keepalived\/keepalived\.conf$/,
    says: 'directing',
    daemon: true,
    alone: ['/etc/keepalived'],
    program: { name: 'keepalived', package: 'keepalived' },
  },
  ldirectord: {
    files: /^\/etc\/(ha\.d\/(conf\/)?)?ldirectord\.cf$/,
    says: 'directing',
    daemon: true,
    program: { name: 'ldirectord', package: 'ldirectord' },
  },
  heartbeat: {
    files: /^\/etc\/ha\.d\/ha\.cf$/,
    says: 'directing',
    daemon: true,
    program: { name: 'cl_status', package: 'heartbeat' },
    includes: 'ldirectord',
  },
} satisfies Record<string, Starter>;

export type StarterName = keyof typeof starterTable;
export const starters: Record<StarterName, Starter> = starterTable;
export const starterNames = Object.keys(starters) as StarterName[];

/** Folders and files of which a host has what it brings, and nothing else. */
export const aloneOn = (paths: readonly string[]): string[] =>
  calledFor(paths).flatMap((name) => starters[name].alone ?? []);

/** Missing: a line of shell. */
export const starterOf = (step: string): Starter | undefined => starters[step as StarterName];

/** What files call for, in the order of a boot. */
export function calledFor(paths: readonly string[]): StarterName[] {
  const called = starterNames.filter((name) => paths.some((path) => starters[name].files.test(path)));
  return called.filter((name) => !called.some((other) => starters[other].includes === name));
}

/** What drlab leaves to a host that is started so; a line of shell may do all but give it its own address. */
export function saidBy(start: readonly string[]): Said[] {
  const said = start.flatMap((step): Said[] => {
    const starter = starterOf(step);
    if (!starter) return ['vips', 'directing'];
    if (starter.says === 'addresses') return ['addresses', 'vips'];
    return starter.says ? [starter.says] : [];
  });
  return [...new Set(said)];
}

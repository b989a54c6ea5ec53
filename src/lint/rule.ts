import type { Configuration, Intent } from '../reading/keepalived/index.ts';
import type { Place } from '../reading/place.ts';
import type { SysctlLine } from '../reading/sysctl.ts';

export type Severity = 'error' | 'warning' | 'note';

/** Something that files can show. A rule that a check of the catalogue has, too, bears its ID and title. */
export interface Rule {
  id: string;
  severity: Severity;
  title: string;
  /** Why it matters to a director, a real server or their clients. */
  why: string;
  edit: string;
  /** Checks that judge the same in a lab. */
  checks?: readonly string[];
}

export interface Finding {
  rule: Rule;
  place: Place;
  text: string;
  /** Where what is found here has its own edit. */
  edit?: string;
}

/** What one host's files say. */
export interface HostFiles {
  name: string;
  keepalived?: { configuration: Configuration; intent: Intent };
  /** In the order in which they are applied at boot. */
  sysctls: SysctlLine[];
}

export interface Group {
  rules: readonly Rule[];
  host?(files: HostFiles): Finding[];
  /** Across hosts, such as the two directors of a pair. */
  site?(hosts: HostFiles[]): Finding[];
}

export const found = (rule: Rule, place: Place | undefined, text: string, edit?: string): Finding[] =>
  place ? [{ rule, place, text, ...(edit !== undefined && { edit }) }] : [];

import type { RemedyStep } from '../../src/model/remedy.ts';
import { deviceOf, hostSpec, hostsOf, type LabSpec, type Role } from '../../src/model/spec.ts';

import { hostOfMac } from './subjects.ts';

/** What fixes a failure, or tells its causes apart: commands that run as they are where they are said to, or words. */

/** A command, or what it is on each host. */
type Command = string | ((host: string) => string);

/** Each command on each of these hosts. */
export const on = (hosts: string | Iterable<string>, ...commands: Command[]): RemedyStep[] =>
  [...new Set(typeof hosts === 'string' ? [hosts] : hosts)].flatMap((host) =>
    commands.map((command) => ({ on: host, run: typeof command === 'string' ? command : command(host) })),
  );

/** Where no command of one host does it, such as a line of a file that only its owner can place. */
export const advice = (words: string): RemedyStep[] => [{ advice: words }];

/** Another way than the steps before. */
export const or = (steps: RemedyStep[]): RemedyStep[] => led('or', steps);

/** What shows which of several causes it is. */
export const toTellApart = (steps: RemedyStep[]): RemedyStep[] => led('to tell them apart', steps);

const led = (lead: string, [first, ...others]: RemedyStep[]): RemedyStep[] =>
  first ? [{ ...first, lead }, ...others] : [];

/** All hosts of a role, by name: where it is not known which of them it is. */
export const everyHost = (spec: LabSpec, role: Role): string[] => hostsOf(spec, role).map(({ name }) => name);

/** The interface of a host on the segment, for commands that need one. */
export const deviceAt = (spec: LabSpec, host: string): string => deviceOf(hostSpec(spec, host));

/** Hosts of the lab with these MACs; who else has one cannot be told to do anything. */
export const hostsWithMacs = (spec: LabSpec, macs: Iterable<string>): string[] =>
  [...macs].flatMap((mac) => hostOfMac(spec, mac)?.name ?? []);

/** Where an interface's filters are looked at, before what its host does, and after. */
export const filtersOn =
  (spec: LabSpec, direction: 'ingress' | 'egress') =>
  (host: string): string =>
    `tc -s filter show dev ${deviceAt(spec, host)} ${direction}`;

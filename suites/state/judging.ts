import type { Judgement } from '../../src/model/check.ts';
import type { RemedyStep } from '../../src/model/remedy.ts';
import { type HostSpec, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice } from '../common/remedy.ts';
import { count, list, switchName } from '../common/subjects.ts';
import { changes, type Difference, differences } from './compare.ts';
import type { Seen, State } from './look.ts';
import { meantOf, meantOfSwitch } from './meant.ts';
import { undo } from './undo.ts';
import { described } from './words.ts';

/** What a state says against a lab file, and against an earlier state. Pure. */

const meantFor = (spec: LabSpec, { host, written }: Seen, ports: State['ports']) =>
  host === switchName ? meantOfSwitch(spec, ports ?? {}) : meantOf(spec, hostSpec(spec, host), written);

export const differencesIn = (spec: LabSpec, { hosts, ports }: State): Difference[] =>
  hosts.flatMap((seen) => [
    ...differences(meantFor(spec, seen, ports), seen.facts),
    ...seen.unusual.map(
      ({ kind, key, value, usual }): Difference => ({
        host: seen.host,
        kind,
        key,
        meant: usual,
        found: value,
        against: 'others',
      }),
    ),
  ]);

/** What is different now and was not then, be it from the lab file or from what else was there. */
export function changesSince(spec: LabSpec, before: State, after: State): Difference[] {
  const known = new Set(differencesIn(spec, before).map((one) => JSON.stringify(one)));
  const fresh = differencesIn(spec, after).filter((one) => !known.has(JSON.stringify(one)));
  const since = after.hosts.flatMap((seen) => {
    const then = before.hosts.find(({ host }) => host === seen.host);
    return then ? changes(meantFor(spec, seen, after.ports), then.facts, seen.facts) : [];
  });
  const told = new Set(fresh.map(({ host, kind, key }) => `${host} ${kind} ${key}`));
  return [...fresh, ...since.filter(({ host, kind, key }) => !told.has(`${host} ${kind} ${key}`))];
}

/** Hosts that showed not even one interface. */
const unread = ({ hosts }: State): string[] =>
  hosts.filter(({ facts }) => !facts.some(({ kind }) => kind === 'link')).map(({ host }) => host);

const withFiles = (spec: LabSpec, found: Difference[]): HostSpec[] =>
  spec.hosts.filter(({ name, files }) => files && found.some(({ host }) => host === name));

function whoDid(spec: LabSpec, found: Difference[]): string {
  const brought = withFiles(spec, found);
  if (brought.length > 0 && found.every(({ host }) => brought.some(({ name }) => name === host)))
    return `${list(brought.map(({ name }) => name))} ${brought.length > 1 ? 'were' : 'was'} started on files that say so, or another program did it`;
  return `${spec.hooks.afterApply.length > 0 ? 'a hook of the lab or another program' : 'another program'} did it`;
}

/** A command lasts until the next start. */
const inFiles = (spec: LabSpec, found: Difference[]): RemedyStep[] =>
  withFiles(spec, found).flatMap(({ name }) => advice(`what is to last belongs into the files of ${name}`));

/** So many are told in words; the rest is counted. */
const longest = 8;

/** What a daemon that does not work would have set is missing, too. */
const daemonsFirst = (found: Difference[]): Difference[] =>
  found.toSorted((a, b) => Number(b.kind === 'daemon') - Number(a.kind === 'daemon'));

export function judged(
  spec: LabSpec,
  expected: string,
  state: State,
  unordered: Difference[],
  more = '',
): Judgement {
  const found = daemonsFirst(unordered);
  const blind = unread(state);
  if (blind.length > 0) return inconclusive(expected, `nothing could be read on ${list(blind)}`);
  const sysctls = state.hosts.reduce((sum, one) => sum + one.sysctls, 0);
  const looked = `${count(state.hosts.length, 'host')} looked at, ${sysctls} sysctls`;
  if (found.length === 0) return pass(expected, `${looked}: no difference${more}`);
  const told = found.slice(0, longest).map((one) => described(spec, one));
  const rest = found.length > longest ? `; and ${found.length - longest} more` : '';
  const isTold = found.some(({ against }) => against === 'file');
  const lead = isTold ? 'differs from the lab file' : 'the lab file does not say so';
  return fail(expected, `${told.join('; ')}${rest}`, {
    cause: `${lead}: ${told.slice(0, 3).join('; ')}; ${whoDid(spec, found)}`,
    remedy: [...found.flatMap(undo), ...inFiles(spec, found)],
  });
}

import { plainAddress } from '../../util/ipv6.ts';
import type { TrackScriptSpec, VrrpInstanceSpec, VrrpSpec } from '../director.ts';
import type { ServiceSpec } from '../spec.ts';
import { defined } from './defined.ts';
import type { Path, Problems } from './problems.ts';
import { duration } from './quantities.ts';
import type { RawDirectors } from './schema-directors.ts';

type RawVrrp = NonNullable<RawDirectors['vrrp']>;

const path: Path = ['directors', 'vrrp'];

/** @param given undefined: everything by default. */
export function resolveVrrp(given: RawVrrp | undefined, count: number, problems: Problems): VrrpSpec {
  const { version = 2, routerId = 51, advert = '1s', preempt = true } = given ?? {};
  const { unicast, virtualMac, syncGroup, trackInterfaces, garp } = given ?? {};
  const advertMs = readAdvert(version, advert, problems);
  const priorities = given?.priorities ?? defaultPriorities(count);
  checkPriorities(priorities, count, [...path, 'priorities'], problems);
  const preemptDelayS = readPreemptDelay(given, problems);
  const { delay, refresh, ...counts } = garp ?? {};
  const delayS = delay === undefined ? undefined : wholeSeconds(delay, [...path, 'garp', 'delay'], problems);
  const refreshS = refresh === undefined ? 0 : wholeSeconds(refresh, [...path, 'garp', 'refresh'], problems);
  const announcing = defined({ delayS, repeat: counts.repeat, refreshRepeat: counts.refreshRepeat });
  if (unicast && count < 2)
    problems.add([...path, 'unicast'], '«unicast» needs another director to talk to; write «count: 2».');
  return {
    version,
    virtualRouterId: routerId,
    advertMs,
    priorities: given?.instances?.[0]?.priorities ?? priorities,
    preempt,
    ...(preemptDelayS !== undefined && { preemptDelayS }),
    ...(unicast && { unicast }),
    ...(virtualMac && { virtualMac }),
    ...(given?.instances && {
      instances: resolveInstances(given.instances, priorities, routerId, count, problems),
    }),
    ...(syncGroup && { syncGroup }),
    ...(trackInterfaces && { trackInterfaces }),
    ...(given?.trackScripts && { trackScripts: resolveScripts(given.trackScripts, problems) }),
    ...(Object.keys(announcing).length > 0 && { garp: announcing }),
    ...(refreshS > 0 && { garpRefreshS: refreshS }),
  };
}

function readAdvert(version: 2 | 3, advert: string | 0, problems: Problems): number {
  const advertMs = duration.read(advert) / 1000;
  if (version === 2 && !(advertMs % 1000 === 0 && advertMs >= 1000 && advertMs <= 255_000)) {
    const expected = 'VRRP version 2 counts whole seconds from 1s to 255s';
    problems.add(
      [...path, 'advert'],
      `«advert» is ${advert}, but ${expected}; round it, or write «version: 3».`,
    );
  }
  if (version === 3 && !(advertMs % 10 === 0 && advertMs >= 10 && advertMs <= 40_950)) {
    const expected = 'VRRP version 3 counts in steps of 10ms from 10ms to 40.95s';
    problems.add([...path, 'advert'], `«advert» is ${advert}, but ${expected}.`);
  }
  return advertMs;
}

function checkPriorities(priorities: number[], count: number, at: Path, problems: Problems): void {
  if (priorities.length === count) return;
  const remedy = `expected one for each of the ${count} directors, such as [${defaultPriorities(count).join(', ')}]`;
  problems.add(at, `«priorities» is a list of ${priorities.length}; ${remedy}.`);
}

/** keepalived.conf(5): preempt_delay, 0 to 1000 seconds; it means nothing without preemption. */
function readPreemptDelay(given: RawVrrp | undefined, problems: Problems): number | undefined {
  if (given?.preemptDelay === undefined) return undefined;
  const at = [...path, 'preemptDelay'];
  if (given.preempt === false)
    problems.add(at, '«preemptDelay» has no effect if «preempt» is false; leave one of them out.', 'key');
  const delayS = wholeSeconds(given.preemptDelay, at, problems);
  if (delayS > 1_000) problems.add(at, `«preemptDelay» is ${given.preemptDelay}; expected at most 1000s.`);
  return delayS;
}

function resolveInstances(
  given: NonNullable<RawVrrp['instances']>,
  priorities: number[],
  routerId: number,
  count: number,
  problems: Problems,
): VrrpInstanceSpec[] {
  const ids = new Map<number, number>();
  const names = new Set<string>();
  return given.map((instance, index) => {
    const at: Path = [...path, 'instances', index];
    const id = instance.routerId ?? routerId + index;
    const name = instance.name ?? `VI_${index + 1}`;
    if (instance.priorities) checkPriorities(instance.priorities, count, [...at, 'priorities'], problems);
    if (id > 255) problems.add(at, `no virtual router ID is left for instance ${index + 1}; give it one.`);
    const other = ids.get(id);
    if (other !== undefined)
      problems.add(
        instance.routerId === undefined ? at : [...at, 'routerId'],
        `the virtual router ID ${id} is that of instance ${other + 1}; instance ${index + 1} needs one of its own.`,
      );
    ids.set(id, index);
    if (names.has(name))
      problems.add([...at, 'name'], `another instance is called «${name}»; choose another name.`);
    names.add(name);
    return {
      name,
      virtualRouterId: id,
      priorities: instance.priorities ?? turned(priorities, index),
      vips: instance.vips.map(plainAddress),
    };
  });
}

/** So that the first director is highest in the first instance, the second in the second, and so on. */
const turned = <T>(list: T[], by: number): T[] =>
  list.map((_, index) => list[(index - by + list.length * (by + 1)) % list.length] as T);

/** Every VIP of a service is in one instance, and every VIP of an instance in a service. */
export function checkInstances(
  vrrp: VrrpSpec | undefined,
  services: ServiceSpec[],
  problems: Problems,
): void {
  if (!vrrp?.instances) return;
  const served = new Set(services.map(({ vip }) => vip));
  const held = new Set<string>();
  for (const [index, { vips }] of vrrp.instances.entries()) {
    for (const [position, vip] of vips.entries()) {
      const at = [...path, 'instances', index, 'vips', position];
      if (!served.has(vip))
        problems.add(at, `no service has the VIP ${vip}; they have ${[...served].join(', ')}.`);
      if (held.has(vip)) problems.add(at, `the VIP ${vip} is in two instances; keep it in one.`);
      held.add(vip);
    }
  }
  for (const vip of served)
    if (!held.has(vip))
      problems.add([...path, 'instances'], `the VIP ${vip} is in no instance; add it to one.`);
}

function resolveScripts(given: NonNullable<RawVrrp['trackScripts']>, problems: Problems): TrackScriptSpec[] {
  const names = new Set<string>();
  return given.map(({ interval, timeout, ...script }, index) => {
    const at = [...path, 'trackScripts', index];
    if (names.has(script.name))
      problems.add([...at, 'name'], `another script is called «${script.name}»; choose another name.`);
    names.add(script.name);
    const intervalS = wholeSeconds(interval, [...at, 'interval'], problems, 1);
    const timeoutS = wholeSeconds(timeout, [...at, 'timeout'], problems, 1);
    return { ...script, intervalS, timeoutS };
  });
}

function wholeSeconds(text: string | 0, at: Path, problems: Problems, least = 0): number {
  const value = duration.read(text) / 1e6;
  if (!Number.isInteger(value) || value < least)
    problems.add(
      at,
      `«${String(at.at(-1))}» is ${text}; keepalived counts whole seconds here, starting at ${least}s.`,
    );
  return value;
}

/** 150, 100, 90, 80 …: the first is master, and no two are the same. */
const defaultPriorities = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? 150 : 110 - 10 * index));

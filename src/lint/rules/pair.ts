import type { Instance } from '../../reading/keepalived/index.ts';
import type { Setting } from '../../reading/place.ts';
import { type Finding, found, type Group, type Rule } from '../rule.ts';
import { type Director, tableDifferences, tableRules } from './tables.ts';

const router: Rule = {
  id: 'KA-40',
  severity: 'error',
  title: 'both directors run the same virtual router',
  why: 'Adverts that differ in ID, version, interval, addresses or password are thrown away: both directors become master.',
  edit: 'write the same value on both',
  checks: ['ARP-12', 'HA-17'],
};
const tie: Rule = {
  id: 'KA-41',
  severity: 'warning',
  title: 'directors of one virtual router differ in priority',
  why: 'With equal priorities the addresses decide, and after a split both may hold the VIP for longer.',
  edit: 'give the backup a lower priority',
};
const peer: Rule = {
  id: 'KA-44',
  severity: 'error',
  title: 'unicast peers name each other',
  why: 'A director that does not hear the other becomes master beside it.',
  edit: 'list the unicast_src_ip of the other director in unicast_peer, on both',
  checks: ['HA-08'],
};
const weight: Rule = {
  id: 'KA-45',
  severity: 'warning',
  title: 'the weight of what is tracked is larger than the distance of the priorities',
  why: 'A failure that leaves the master above the backup moves nothing.',
  edit: 'make the weight larger than the difference of the priorities',
  checks: ['HA-07'],
};

/** What two directors of one virtual router say against each other. */
export const pairRules: Group = {
  rules: [router, tie, peer, weight, ...tableRules],
  site(hosts) {
    const directors = hosts.flatMap(({ name, keepalived }) =>
      keepalived ? [{ name, intent: keepalived.intent }] : [],
    );
    const isPair = directors.length === 2;
    return directors.flatMap((one, i) =>
      directors.slice(i + 1).flatMap((other) => ofPair(one, other, isPair)),
    );
  },
};

function ofPair(one: Director, other: Director, isPair: boolean): Finding[] {
  const shared = one.intent.instances.flatMap((mine) => {
    const theirs = other.intent.instances.find((its) => isSame(mine, its, isPair));
    return theirs ? [{ mine, theirs }] : [];
  });
  if (shared.length === 0) return [];
  const at = `on ${other.name}`;
  return [
    ...shared.flatMap(({ mine, theirs }) => [
      ...differences(mine, theirs, at),
      ...peers(mine, theirs, at),
      ...weights(mine, theirs, one, other),
    ]),
    ...tableDifferences(one, other),
  ];
}

/** By the addresses that they hold; of two directors by name, too. Of more, many have an instance VI_1. */
const isSame = (mine: Instance, its: Instance, isPair: boolean): boolean =>
  (isPair && mine.name === its.name) ||
  mine.vips.some((vip) => its.vips.some(({ address }) => address === vip.address));

function differences(mine: Instance, theirs: Instance, at: string): Finding[] {
  const differs = <T>(
    what: string,
    a: Setting<T> | undefined,
    b: Setting<T> | undefined,
    shown = String,
  ): Finding[] =>
    a?.value === b?.value
      ? []
      : found(
          router,
          b?.place ?? theirs.place,
          `instance ${theirs.name} ${at} has ${what} ${shown(b?.value ?? 'none')}, the other ${shown(a?.value ?? 'none')}`,
        );
  const vips = (one: Instance): string =>
    one.vips
      .map((vip) => vip.address)
      .sort()
      .join(' ');
  return [
    ...differs('virtual_router_id', mine.virtualRouterId, theirs.virtualRouterId),
    ...differs('version', mine.version, theirs.version),
    ...differs('advert_int', mine.advertS, theirs.advertS),
    ...passwords(mine, theirs, at),
    ...differs(
      'the addresses',
      { value: vips(mine) },
      { value: vips(theirs), place: theirs.vips[0]?.place ?? theirs.place },
    ),
    ...(mine.priority.value === theirs.priority.value
      ? found(
          tie,
          theirs.priority.place ?? theirs.place,
          `instance ${theirs.name} has priority ${theirs.priority.value} on both directors`,
        )
      : []),
  ];
}

/** Whether they differ, never what they are; keepalived uses eight characters. */
function passwords(mine: Instance, theirs: Instance, at: string): Finding[] {
  const [own, others] = [mine, theirs].map(({ password }) => password?.value.slice(0, 8));
  if (own === others) return [];
  const has =
    others === undefined
      ? 'no password, the other has one'
      : own === undefined
        ? 'a password, the other has none'
        : 'another password';
  return found(router, theirs.password?.place ?? theirs.place, `instance ${theirs.name} ${at} has ${has}`);
}

function peers(mine: Instance, theirs: Instance, at: string): Finding[] {
  const heard = (from: Instance, by: Instance): Finding[] => {
    const source = from.sourceAddress?.value;
    if (!source || by.peers.length === 0 || by.peers.some((word) => word.text === source)) return [];
    return found(
      peer,
      by.peers[0]?.place,
      `unicast_peer of instance ${by.name} does not have ${source}, from which the other director speaks`,
    );
  };
  const one = (mine.peers.length === 0) !== (theirs.peers.length === 0);
  return [
    ...(one
      ? found(
          peer,
          theirs.place,
          `instance ${theirs.name} ${at} speaks ${theirs.peers.length > 0 ? 'unicast' : 'multicast'}, the other does not`,
        )
      : []),
    ...heard(mine, theirs),
    ...heard(theirs, mine),
  ];
}

function weights(mine: Instance, theirs: Instance, one: Director, other: Director): Finding[] {
  const [master, intent, backup] =
    mine.priority.value >= theirs.priority.value ? [mine, one.intent, theirs] : [theirs, other.intent, mine];
  const distance = master.priority.value - backup.priority.value;
  return master.trackedScripts.flatMap(({ name, place, weight: own }) => {
    const script = intent.scripts.find((each) => each.name === name);
    const counts = own ?? script?.weight.value ?? 0;
    if (counts === 0 || Math.abs(counts) > distance || distance === 0) return [];
    return found(
      weight,
      own === undefined ? (script?.weight.place ?? place) : place,
      `${name} has weight ${counts}, and ${master.name} is ${distance} above the other director`,
    );
  });
}

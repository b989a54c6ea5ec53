import type { Instance, Intent } from '../../reading/keepalived/index.ts';
import { type Finding, found, type Group, type Rule } from '../rule.ts';

const strict: Rule = {
  id: 'KA-10',
  severity: 'error',
  title: 'vrrp_strict is set only where «accept» is',
  why: 'Strict mode makes keepalived drop every packet to the VIP (no_accept): VRRP looks healthy, and no client is served.',
  edit: 'remove vrrp_strict, or add «accept» with version 3 to the instance',
};
const cancelled: Rule = {
  id: 'KA-11',
  severity: 'warning',
  title: 'nopreempt and preempt_delay stand with state BACKUP',
  why: 'With state MASTER keepalived clears both: a director that returns takes the VIP back at once.',
  edit: 'write state BACKUP on both directors',
  checks: ['HA-04'],
};
const owner: Rule = {
  id: 'KA-12',
  severity: 'warning',
  title: 'an instance with state MASTER has a priority',
  why: 'Without one keepalived takes 255, the owner of the addresses: tracking cannot lower it, and nopreempt does not count.',
  edit: 'write priority 150, or whatever the pair uses',
};
const twice: Rule = {
  id: 'KA-13',
  severity: 'error',
  title: 'a virtual_router_id is used once on an interface',
  why: 'Two virtual routers of one ID hear each other as one: both stay backup or fight for addresses that the other does not have.',
  edit: 'give each instance a virtual_router_id of its own',
  checks: ['HA-21'],
};
const route: Rule = {
  id: 'VIP-03',
  severity: 'warning',
  title: 'the VIP adds no second route to the segment',
  why: 'With a prefix shorter than 32 the VIP brings a route to its network, and the director may speak from the VIP; with use_vmac and arp_filter the DIP goes silent.',
  edit: 'write the VIP with /32, or without a prefix length',
  checks: ['VIP-03', 'RP-09'],
};
const noEffect: Rule = {
  id: 'KA-14',
  severity: 'warning',
  title: 'what is tracked can move the VIP',
  why: 'With nopreempt the other director does not take over from a master of lower priority: a weight changes a number and nothing else.',
  edit: 'remove the weight, so that a failure is a fault, or remove nopreempt',
  checks: ['HA-07'],
};
const missing: Rule = {
  id: 'KA-15',
  severity: 'error',
  title: 'scripts and instances that are named exist',
  why: 'keepalived drops a name that it does not know, and with it the tracking or the group.',
  edit: 'correct the name, or define what it names',
  checks: ['HA-06', 'HA-07'],
};
const empty: Rule = {
  id: 'KA-16',
  severity: 'error',
  title: 'a vrrp_sync_group has its instances in a block «group»',
  why: 'Names outside of «group { … }» are unknown keywords: the instances move one by one, and a director may hold half of the addresses.',
  edit: 'write group { … } around the names',
  checks: ['HA-06'],
};
const returns: Rule = {
  id: 'KA-17',
  severity: 'note',
  title: 'a director that synchronises waits before it takes over again',
  why: 'After a reboot its connection table is empty; it takes the VIP at once, and established connections end.',
  edit: 'write state BACKUP with nopreempt, or preempt_delay 60, on both directors',
  checks: ['SYN-10'],
};
const password: Rule = {
  id: 'KA-18',
  severity: 'warning',
  title: 'authentication stands where VRRP has it',
  why: 'VRRP version 3 and strict mode have no authentication: keepalived ignores it, so adverts of anybody count.',
  edit: 'remove the block, and keep strangers out by unicast_peer with check_unicast_src or by a firewall',
};

/** What a VRRP instance says against itself. */
export const vrrpRules: Group = {
  rules: [strict, cancelled, owner, twice, route, noEffect, missing, empty, returns, password],
  host({ keepalived }) {
    if (!keepalived) return [];
    const { intent } = keepalived;
    return [
      ...intent.instances.flatMap((one) => ofInstance(one, intent)),
      ...sameRouters(intent),
      ...syncGroups(intent),
      ...synchronised(intent),
    ];
  },
};

function ofInstance(one: Instance, intent: Intent): Finding[] {
  const is = `instance ${one.name}`;
  const state = one.settings.last('state')?.args[0]?.text;
  const cleared =
    state === 'MASTER'
      ? one.settings.statements.filter(({ keyword }) => ['nopreempt', 'preempt_delay'].includes(keyword.name))
      : [];
  const authentication = one.settings.last('authentication');
  const without = one.strict.value ? 'in strict mode' : one.version.value === 3 ? 'in version 3' : undefined;
  return [
    ...(one.strict.value && !one.accept.value && one.vips.length > 0
      ? found(
          strict,
          one.strict.place,
          `${is} is strict and does not accept: packets to ${one.vips[0]?.address} are dropped`,
        )
      : []),
    ...cleared.flatMap(({ keyword, place }) =>
      found(cancelled, place, `${keyword.name} of ${is} has no effect with state MASTER`),
    ),
    ...(state === 'MASTER' && !one.priority.place
      ? found(owner, one.place, `${is} has no priority, so it has 255`)
      : []),
    ...one.vips.flatMap((vip) =>
      vip.withPrefix && !vip.address.includes(':') && vip.prefixLength < 32
        ? found(
            route,
            vip.place,
            `${vip.address}/${vip.prefixLength} of ${is} brings a route to its network`,
            `write ${vip.address}/32`,
          )
        : [],
    ),
    ...tracking(one, intent),
    ...(authentication && without
      ? found(password, authentication.place, `${is} has authentication, which there is not ${without}`)
      : []),
  ];
}

function tracking(one: Instance, intent: Intent): Finding[] {
  return one.trackedScripts.flatMap(({ name, place, weight }) => {
    const script = intent.scripts.find((other) => other.name === name);
    if (!script)
      return found(missing, place, `there is no vrrp_script ${name}, which instance ${one.name} tracks`);
    const counts = weight ?? script.weight.value;
    if (one.preempt.value || counts === 0) return [];
    return found(
      noEffect,
      place,
      `weight ${counts} of ${name} moves no VIP, since instance ${one.name} has nopreempt`,
    );
  });
}

function sameRouters({ instances }: Intent): Finding[] {
  const seen = new Map<string, Instance>();
  return instances.flatMap((one) => {
    const id = one.virtualRouterId;
    if (!id || one.peers.length > 0 || one.settings.last('mcast_dst_ip')) return [];
    const family = one.vips[0]?.address.includes(':') ? 6 : 4;
    const key = `${one.interface?.value} ${id.value} ${family}`;
    const other = seen.get(key);
    seen.set(key, other ?? one);
    return other
      ? found(
          twice,
          id.place,
          `instances ${other.name} and ${one.name} both have virtual_router_id ${id.value} on ${one.interface?.value}`,
        )
      : [];
  });
}

function syncGroups({ syncGroups: groups, instances }: Intent): Finding[] {
  return groups.flatMap(({ name, place, members }) => {
    if (members.length === 0) return found(empty, place, `vrrp_sync_group ${name} has no instances`);
    return members
      .filter((word) => !instances.some((one) => one.name === word.text))
      .flatMap((word) =>
        found(
          missing,
          word.place,
          `there is no vrrp_instance ${word.text}, which the sync group ${name} names`,
        ),
      );
  });
}

function synchronised({ globals, instances }: Intent): Finding[] {
  const daemon = globals.last('lvs_sync_daemon');
  if (!daemon) return [];
  const named = daemon.args.slice(1).map((word) => word.text);
  const followed = instances.filter((one) => named.includes(one.name));
  return followed.flatMap((one) =>
    one.preempt.value && one.preemptDelayS.value < 10
      ? found(
          returns,
          one.place,
          `instance ${one.name} synchronises connections and takes over again ${one.preemptDelayS.value} s after it is back`,
        )
      : [],
  );
}

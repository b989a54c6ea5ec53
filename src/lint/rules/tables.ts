import type { Intent, Service } from '../../reading/keepalived/index.ts';
import type { Setting } from '../../reading/place.ts';
import { type Finding, found, type HostFiles, type Rule } from '../rule.ts';

const table: Rule = {
  id: 'KA-42',
  severity: 'error',
  title: 'both directors have the same services',
  why: 'After a failover clients meet another table: a port that is refused, or a server that is not there.',
  edit: 'bring the two virtual_server blocks together, best in a file that both include',
  checks: ['SYN-11', 'HA-14'],
};
const sync: Rule = {
  id: 'KA-43',
  severity: 'error',
  title: 'both directors synchronise under one ID',
  why: 'A backup takes connections of its own sync ID alone: after a failover established connections end.',
  edit: 'write the same id in lvs_sync_daemon',
  checks: ['SYN-04'],
};
export const tableRules: readonly Rule[] = [table, sync];

export interface Director {
  name: HostFiles['name'];
  intent: Intent;
}

/** What two directors of one virtual router differ in of what clients meet after a failover. */
export const tableDifferences = (one: Director, other: Director): Finding[] => [
  ...services(one, other),
  ...syncIds(one, other),
];

function services(one: Director, other: Director): Finding[] {
  const missing = (from: Director, to: Director): Finding[] =>
    from.intent.services
      .filter((service) => !to.intent.services.some((its) => keyOf(its) === keyOf(service)))
      .flatMap((service) =>
        found(table, service.place, `service ${keyOf(service)} of ${from.name} is not on ${to.name}`),
      );
  const differing = other.intent.services.flatMap((its) => {
    const mine = one.intent.services.find((service) => keyOf(service) === keyOf(its));
    return mine ? serviceDifferences(mine, its, `${keyOf(its)} on ${other.name}`) : [];
  });
  return [...missing(one, other), ...missing(other, one), ...differing];
}

const keyOf = ({ address, port, mark, group, protocol }: Service): string =>
  address !== undefined
    ? `${address}:${port.value} ${protocol.value}`
    : mark !== undefined
      ? `fwmark ${mark}`
      : `group ${group}`;

function serviceDifferences(mine: Service, its: Service, is: string): Finding[] {
  const differs = (
    what: string,
    a: Setting<unknown> | undefined,
    b: Setting<unknown> | undefined,
  ): Finding[] =>
    a?.value === b?.value
      ? []
      : found(
          table,
          b?.place ?? its.place,
          `service ${is} has ${what} ${b?.value ?? 'none'}, the other director ${a?.value ?? 'none'}`,
        );
  const servers = (of: Service): string[] =>
    of.realServers.map(
      (one) => `${one.address}:${one.portInTable} weight ${one.weight.value} ${one.method.value}`,
    );
  const [own, others] = [servers(mine), servers(its)];
  const only = others.findIndex((one) => !own.includes(one));
  const lost = own.find((one) => !others.includes(one));
  return [
    ...differs('scheduler', mine.scheduler, its.scheduler),
    ...differs('persistence', mine.persistenceS, its.persistenceS),
    ...(only >= 0
      ? found(
          table,
          its.realServers[only]?.place,
          `${others[only]} of service ${is} is not on the other director`,
        )
      : lost !== undefined
        ? found(table, its.place, `service ${is} does not have ${lost}, which the other director has`)
        : []),
  ];
}

function syncIds(one: Director, other: Director): Finding[] {
  const id = ({ intent }: Director) => {
    const daemon = intent.globals.last('lvs_sync_daemon');
    const at = daemon?.args.findIndex((word) => word.text === 'id') ?? -1;
    return daemon && { value: daemon.args[at < 0 ? -1 : at + 1]?.text, place: daemon.place };
  };
  const [mine, its] = [id(one), id(other)];
  if (mine && its && mine.value !== its.value)
    return found(
      sync,
      its.place,
      `the sync ID is ${its.value ?? 'that of the virtual router'} on ${other.name} and ${mine.value ?? 'that of the virtual router'} on ${one.name}`,
    );
  const alone = mine ?? its;
  return alone && !(mine && its)
    ? found(sync, alone.place, 'one director synchronises connections, the other does not')
    : [];
}

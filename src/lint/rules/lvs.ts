import type { RealServer, Service } from '../../reading/keepalived/index.ts';
import { type Finding, found, type Group, type Rule } from '../rule.ts';

const protocol: Rule = {
  id: 'KA-20',
  severity: 'error',
  title: 'a virtual server says its protocol',
  why: 'Without «protocol» keepalived 2.2.7 makes a service of UDP: TCP connections to the VIP are refused.',
  edit: 'write protocol TCP',
  checks: ['PP-16'],
};
const method: Rule = {
  id: 'KA-21',
  severity: 'error',
  title: 'a virtual server says how it forwards',
  why: 'Without lb_kind keepalived takes NAT: answers have to come back through the director, which those of direct routing do not.',
  edit: 'write lb_kind DR',
  checks: ['RP-03'],
};
const port: Rule = {
  id: 'KA-22',
  severity: 'warning',
  title: 'real servers have the port of their service',
  why: 'Direct routing cannot change ports: keepalived puts the real server in with the port of the service, and the health check asks the other one.',
  edit: 'use one port on both sides, and connect_port in the check where it asks elsewhere',
  checks: ['PP-10'],
};
const sorry: Rule = {
  id: 'KA-23',
  severity: 'warning',
  title: 'the sorry server is no real server of the same service',
  why: 'While the quorum is lost it is both: its health check takes out the server of last resort.',
  edit: 'use another host, or another port, as sorry server',
  checks: ['HC-05'],
};
const unchecked: Rule = {
  id: 'KA-24',
  severity: 'warning',
  title: 'every real server has a health check',
  why: 'A real server without one stays in the table whatever happens to it, and its clients get no answer.',
  edit: 'add TCP_CHECK, HTTP_GET or another check',
  checks: ['HC-01'],
};
const mask: Rule = {
  id: 'KA-25',
  severity: 'error',
  title: 'persistence_granularity stands with a service of an address or a mark',
  why: 'With «virtual_server group» keepalived 2.2.7 loses the mask in silence: each client is a network of its own.',
  edit: 'use virtual_server fwmark N, or one virtual_server for each address',
  checks: ['PST-02'],
};
const fallback: Rule = {
  id: 'KA-26',
  severity: 'note',
  title: 'sh and mh have their fallback where servers come and go',
  why: 'With weight 0 or inhibit_on_failure the server stays in the table, and its clients are refused rather than sent elsewhere.',
  edit: 'add sh-fallback or mh-fallback',
  checks: ['SCH-10', 'SCH-11', 'SCH-16'],
};
const flag: Rule = {
  id: 'KA-27',
  severity: 'warning',
  title: 'flags stand with the scheduler and protocol that they belong to',
  why: 'keepalived ignores sh-port and its like with another scheduler, or where they come before it, and ops without UDP.',
  edit: 'move the flag below lb_algo, or remove it',
};
const nobodys: Rule = {
  id: 'KA-28',
  severity: 'warning',
  title: 'the address of each service is a VIP of an instance',
  why: 'A service on an address that no virtual router holds gets no packets, unless something else brings the address.',
  edit: 'add the address to virtual_ipaddress, or correct it',
  checks: ['PP-23'],
};
const portless: Rule = {
  id: 'KA-29',
  severity: 'warning',
  title: 'a service without a port is persistent on purpose',
  why: 'keepalived makes it persistent for 360 s by itself: clients stay on their real server on all ports.',
  edit: 'write the port, or persistence_timeout',
  checks: ['PST-05'],
};
const quorum: Rule = {
  id: 'KA-30',
  severity: 'warning',
  title: 'the quorum can be reached',
  why: 'keepalived lowers a quorum above the sum of the weights to that sum: one server that fails brings the sorry server.',
  edit: 'write a quorum below the sum of the weights',
  checks: ['HC-05'],
};

/** What a virtual server says against itself. */
export const lvsRules: Group = {
  rules: [protocol, method, port, sorry, unchecked, mask, fallback, flag, nobodys, portless, quorum],
  host({ keepalived }) {
    if (!keepalived) return [];
    const { services, instances } = keepalived.intent;
    const held = new Set(
      instances.flatMap((one) => [...one.vips, ...one.excluded].map((vip) => vip.address)),
    );
    return services.flatMap((one) => [
      ...ofService(one),
      ...ofFlags(one),
      ...one.realServers.flatMap((server) => ofRealServer(one, server)),
      ...(instances.length > 0 && one.address !== undefined && !held.has(one.address)
        ? found(nobodys, one.place, `${one.address} is a service and no VIP of an instance here`)
        : []),
    ]);
  },
};

const nameOf = ({ address, mark, group, port: { value } }: Service): string =>
  address !== undefined ? `${address}:${value}` : mark !== undefined ? `fwmark ${mark}` : `group ${group}`;

function ofService(one: Service): Finding[] {
  const is = `service ${nameOf(one)}`;
  const granularity = one.settings.last('persistence_granularity');
  const same = one.realServers.find(
    ({ address, portInTable }) =>
      address === one.sorryServer?.address && (!one.sorryServer.port || portInTable === one.sorryServer.port),
  );
  const weights = one.realServers.reduce((sum, { weight }) => sum + weight.value, 0);
  const wanted = Number(one.settings.last('quorum')?.args[0]?.text);
  return [
    ...(one.mark === undefined && !one.protocol.place
      ? found(protocol, one.place, `${is} has no protocol, so it is of UDP`)
      : []),
    ...(!one.method.place && one.realServers.some((server) => !server.method.place)
      ? found(method, one.place, `${is} has no lb_kind, so it is NAT`)
      : []),
    ...(same
      ? found(sorry, one.sorryServer?.place, `${same.address} is sorry server and real server of ${is}`)
      : []),
    ...(granularity && one.group !== undefined
      ? found(mask, granularity.place, `the mask of ${is} is lost`)
      : []),
    ...(one.address !== undefined && one.port.value === 0 && !one.persistenceS?.place
      ? found(portless, one.place, `${is} has no port, so it is made persistent`)
      : []),
    ...(wanted > weights && weights > 0
      ? found(
          quorum,
          one.quorum.place,
          `the quorum of ${is} is ${wanted}, its weights are ${weights} together`,
        )
      : []),
    ...withoutFallback(one, is),
  ];
}

function withoutFallback(one: Service, is: string): Finding[] {
  const scheduler = one.scheduler.value;
  if (scheduler !== 'sh' && scheduler !== 'mh') return [];
  const stays =
    one.inhibit.value || one.realServers.some(({ inhibit, weight }) => inhibit.value || weight.value === 0);
  if (!stays || one.settings.last(`${scheduler}-fallback`)) return [];
  return found(
    fallback,
    one.scheduler.place,
    `${is} has ${scheduler} without ${scheduler}-fallback, and servers of weight 0`,
  );
}

function ofFlags({ settings, protocol: spoken, scheduler, mark }: Service): Finding[] {
  const flags = settings.statements.filter(({ keyword }) => /^(sh|mh)-(port|fallback)$/.test(keyword.name));
  const order = settings.statements.findIndex(
    ({ keyword, args: [word] }) =>
      /^(lb_algo|lvs_sched)$/.test(keyword.name) && word?.text === scheduler.value,
  );
  const lost = flags.filter(
    (one) => !one.keyword.name.startsWith(scheduler.value) || settings.statements.indexOf(one) < order,
  );
  const ops = settings.last('ops');
  return [
    ...lost.flatMap(({ keyword, place }) =>
      found(
        flag,
        place,
        `${keyword.name} has no effect here: the scheduler is ${scheduler.value}, or is named later`,
      ),
    ),
    ...(ops && spoken.value !== 'UDP' && mark === undefined
      ? found(flag, ops.place, `ops has no effect with protocol ${spoken.value}`)
      : []),
  ];
}

function ofRealServer(service: Service, one: RealServer): Finding[] {
  const written = one.port.value;
  const other =
    service.address !== undefined &&
    one.method.value !== 'NAT' &&
    written !== 0 &&
    written !== service.port.value;
  return [
    ...(other
      ? found(
          port,
          one.port.place,
          `${one.address} has port ${written}, service ${nameOf(service)} another one: keepalived sets ${service.port.value}`,
        )
      : []),
    ...(one.checks.length === 0
      ? found(unchecked, one.place, `real server ${one.address} of ${nameOf(service)} has no health check`)
      : []),
  ];
}

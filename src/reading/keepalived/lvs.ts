import type { Place, Setting } from '../place.ts';
import { Settings } from './settings.ts';
import type { Statement } from './tree.ts';

export type Method = 'NAT' | 'DR' | 'TUN';

export interface RealServer {
  address: string;
  place: Place;
  /** As written; 0 where none is. */
  port: Setting<number>;
  /** That which IPVS gets: under DR and TUN it is the service's own, whatever is written. */
  portInTable: number;
  inhibit: Setting<boolean>;
  alpha: Setting<boolean>;
  settings: Settings;
  weight: Setting<number>;
  method: Setting<Method>;
  checks: Check[];
}

export interface Check {
  kind: string;
  place: Place;
  settings: Settings;
  retry: Setting<number>;
}

export interface Service {
  place: Place;
  statement: Statement;
  settings: Settings;
  /** An address and a port, 0 where none is written; or a mark, or the name of a group. */
  address?: string;
  port: Setting<number>;
  mark?: number;
  group?: string;
  protocol: Setting<'TCP' | 'UDP' | 'SCTP'>;
  scheduler: Setting<string>;
  method: Setting<Method>;
  /** Absent: no persistence. */
  persistenceS?: Setting<number>;
  quorum: Setting<number>;
  delayLoopS: Setting<number>;
  onePacket: Setting<boolean>;
  inhibit: Setting<boolean>;
  alpha: Setting<boolean>;
  realServers: RealServer[];
  sorryServer?: { address: string; port: number; place: Place };
}

export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'sh',
  'mh',
  'dh',
  'fo',
  'ovf',
  'lblcr',
  'sed',
  'nq',
  'twos',
];
const methods: readonly string[] = ['NAT', 'DR', 'TUN'];
const protocols: readonly string[] = ['TCP', 'UDP', 'SCTP'];
const longestPersistenceS = 31 * 86_400;

export function serviceOf(statement: Statement): Service {
  const settings = new Settings(statement.block);
  const [first, second] = statement.args;
  const kind = first?.text === 'fwmark' || first?.text === 'group' ? first.text : 'address';
  const method = methodOf(settings, ['lb_kind', 'lvs_method']) ?? { value: 'NAT' as const };
  const named = {
    address: { address: first?.text ?? '' },
    fwmark: { mark: Number(second?.text) },
    group: { group: second?.text ?? '' },
  }[kind];
  const port = kind === 'address' ? portOf(second) : { value: 0 };
  const protocol = protocolOf(settings);
  const persistence =
    persistenceOf(settings) ?? (kind === 'address' && port.value === 0 ? { value: 360 } : undefined);
  const weight = settings.number('weight', 1, [1, 2147483647]).value;
  const [sorry, sorryPort] = settings.last('sorry_server')?.args ?? [];
  const service = {
    place: statement.place,
    statement,
    settings,
    ...named,
    port,
    protocol,
    scheduler: schedulerOf(settings),
    method,
    ...(persistence && { persistenceS: persistence }),
    delayLoopS: settings.seconds('delay_loop', 60, [0.000001, 1e9]),
    onePacket: onePacketOf(settings, protocol.value, kind),
    inhibit: settings.flag('inhibit_on_failure'),
    alpha: settings.flag('alpha'),
    ...(sorry && { sorryServer: { address: sorry.text, port: portOf(sorryPort).value, place: sorry.place } }),
  };
  const realServers = settings.all('real_server').map((one) => realServerOf(one, service, weight));
  const sum = realServers.reduce((all, one) => all + one.weight.value, 0);
  const quorum = settings.number('quorum', 1, [1, 4294967295]);
  return { ...service, realServers, quorum: { ...quorum, value: Math.min(quorum.value, sum) } };
}

function realServerOf(
  statement: Statement,
  service: Omit<Service, 'realServers' | 'quorum'>,
  weight: number,
): RealServer {
  const settings = new Settings(statement.block);
  const [address, second] = statement.args;
  const port = portOf(second);
  const method = methodOf(settings, ['lvs_method']) ?? service.method;
  const checks = statement.block.filter((one) => isCheck(one.keyword.name));
  return {
    address: address?.text ?? '',
    place: statement.place,
    port,
    portInTable: portInTable(port.value, method.value, service),
    settings,
    weight: settings.number('weight', weight, [0, 2147483647]),
    method,
    inhibit: inherited(settings.flag('inhibit_on_failure'), service.inhibit),
    alpha: inherited(settings.flag('alpha'), service.alpha),
    checks: checks.map((one) => checkOf(one, [settings, service.settings])),
  };
}

function portInTable(
  written: number,
  method: Method,
  { address, mark, port }: Pick<Service, 'address' | 'mark' | 'port'>,
): number {
  if (address !== undefined) return method === 'NAT' && written !== 0 ? written : port.value;
  return mark !== undefined && method !== 'NAT' ? 0 : written;
}

const inherited = <T>(own: Setting<T>, above: Setting<T>): Setting<T> => (own.place ? own : above);

const isCheck = (name: string): boolean => /^[A-Z]+_(CHECK|GET)$/.test(name);

function checkOf(statement: Statement, above: Settings[]): Check {
  const settings = new Settings(statement.block);
  const inherited = above
    .map((one) => one.number('retry', 0, [1, 4294967295], true))
    .find((one) => one.place)?.value;
  const usual =
    inherited ??
    new Map([
      ['DNS_CHECK', 3],
      ['MISC_CHECK', 0],
    ]).get(statement.keyword.name) ??
    1;
  return {
    kind: statement.keyword.name,
    place: statement.place,
    settings,
    retry: settings.number(['retry', 'nb_get_retry'], usual, [0, 4294967295]),
  };
}

function portOf(word: { text: string; place: Place } | undefined): Setting<number> {
  if (!word || !/^\d+$/.test(word.text)) return { value: 0 };
  return { value: Number(word.text), place: word.place };
}

function methodOf(settings: Settings, names: string[]): Setting<Method> | undefined {
  const found = settings.statements.findLast(
    ({ keyword, args: [word] }) => names.includes(keyword.name) && methods.includes(word?.text ?? ''),
  );
  return found && { value: found.args[0]?.text as Method, place: found.args[0]?.place ?? found.place };
}

/** Without a protocol keepalived takes UDP. */
function protocolOf(settings: Settings): Setting<'TCP' | 'UDP' | 'SCTP'> {
  const found = settings
    .all('protocol')
    .findLast(({ args: [word] }) => protocols.includes(word?.text.toUpperCase() ?? ''));
  if (!found) return { value: 'UDP' };
  return { value: found.args[0]?.text.toUpperCase() as 'TCP', place: found.args[0]?.place ?? found.place };
}

function schedulerOf(settings: Settings): Setting<string> {
  const found = settings.statements.findLast(
    ({ keyword, args: [word] }) =>
      ['lb_algo', 'lvs_sched'].includes(keyword.name) && schedulers.includes(word?.text ?? ''),
  );
  const [word] = found?.args ?? [];
  return word ? { value: word.text, place: word.place } : { value: 'wlc' };
}

/** A mask alone makes a service persistent, too. */
function persistenceOf(settings: Settings): Setting<number> | undefined {
  const bare = settings.all('persistence_timeout').findLast(({ args }) => args.length === 0);
  const timed = settings.number('persistence_timeout', 360, [1, longestPersistenceS], true);
  if (timed.place) return timed;
  const found = bare ?? settings.last('persistence_granularity');
  return found && { value: 360, place: found.place };
}

function onePacketOf(settings: Settings, protocol: string, kind: string): Setting<boolean> {
  const found = settings.flag('ops');
  return kind === 'address' && protocol !== 'UDP' ? { ...found, value: false } : found;
}

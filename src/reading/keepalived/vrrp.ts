import type { Place, Setting } from '../place.ts';
import { type VipLine, vipLine } from './addresses.ts';
import { Settings } from './settings.ts';
import type { Statement } from './tree.ts';
import type { Word } from './words.ts';

/** What of the globals counts for every instance. */
export interface VrrpDefaults {
  strict: Setting<boolean>;
  version: Setting<number>;
  downTimerAdverts: Setting<number>;
  garpDelayS: Setting<number>;
  garpRepeat: Setting<number>;
  garpRefreshS: Setting<number>;
  garpRefreshRepeat: Setting<number>;
}

/** A thing that an instance or group looks at, with the weight that is given there. */
export interface Tracked {
  name: string;
  place: Place;
  weight?: number;
}

export interface Instance extends Omit<VrrpDefaults, 'strict'> {
  name: string;
  place: Place;
  statement: Statement;
  settings: Settings;
  strict: Setting<boolean>;
  state: Setting<'MASTER' | 'BACKUP'>;
  interface?: Setting<string>;
  virtualRouterId?: Setting<number>;
  priority: Setting<number>;
  advertS: Setting<number>;
  accept: Setting<boolean>;
  preempt: Setting<boolean>;
  preemptDelayS: Setting<number>;
  vips: VipLine[];
  excluded: VipLine[];
  peers: Word[];
  sourceAddress?: Setting<string>;
  virtualMac?: Setting<string>;
  trackedInterfaces: Tracked[];
  trackedScripts: Tracked[];
  password?: Setting<string>;
}

export interface Script {
  name: string;
  place: Place;
  command: string;
  weight: Setting<number>;
  intervalS: Setting<number>;
  fall: Setting<number>;
  rise: Setting<number>;
}

const any: [number, number] = [0, 4294967295];

export function vrrpDefaults(globals: Settings): VrrpDefaults {
  return {
    strict: globals.flag('vrrp_strict'),
    version: globals.number('vrrp_version', 2, [2, 3]),
    downTimerAdverts: globals.number('vrrp_down_timer_adverts', 3, [1, 100]),
    garpDelayS: globals.number('vrrp_garp_master_delay', 5, [0, 4294]),
    garpRepeat: globals.number('vrrp_garp_master_repeat', 5, any),
    garpRefreshS: globals.number('vrrp_garp_master_refresh', 0, any),
    garpRefreshRepeat: globals.number('vrrp_garp_master_refresh_repeat', 1, any),
  };
}

export function instanceOf(statement: Statement, defaults: VrrpDefaults): Instance {
  const settings = new Settings(statement.block);
  const vips = vipsIn(settings.lines('virtual_ipaddress'));
  const ipv6 = vips[0]?.address.includes(':') ?? false;
  const strict = settings.flag('strict_mode', defaults.strict.value);
  const state = stateOf(settings);
  const priority = priorityOf(settings, state?.value);
  const owner = priority.value === 255;
  const wanted = state ?? { value: owner ? ('MASTER' as const) : ('BACKUP' as const) };
  const master = wanted.value === 'MASTER';
  const usualVersion = ipv6 ? 3 : defaults.version.value;
  const version = settings.number('version', usualVersion, [2, 3]);
  const noPreempt = settings.last('nopreempt');
  const delay = settings.seconds('preempt_delay', 0, [0, 1000]);
  const router = settings.number('virtual_router_id', 0, [1, 255], true);
  const authentication = new Settings(settings.last('authentication')?.block ?? []);
  return {
    name: statement.args[0]?.text ?? '',
    place: statement.place,
    statement,
    settings,
    strict: strict.place || !defaults.strict.place ? strict : defaults.strict,
    state: strict.value && master !== owner ? { ...wanted, value: owner ? 'MASTER' : 'BACKUP' } : wanted,
    priority,
    version: strict.value && ipv6 ? { ...version, value: 3 } : version,
    advertS: settings.seconds('advert_int', 1, [0.01, 255]),
    accept: acceptOf(settings, { owner, strict: strict.value, version: version.value }),
    preempt: { value: !noPreempt || master || owner, ...(noPreempt && { place: noPreempt.place }) },
    preemptDelayS: master || strict.value || (noPreempt && !owner) ? { ...delay, value: 0 } : delay,
    downTimerAdverts: strict.value
      ? { value: 3 }
      : settings.number('down_timer_adverts', defaults.downTimerAdverts.value, [1, 100]),
    garpDelayS: settings.number('garp_master_delay', defaults.garpDelayS.value, [0, 4294]),
    garpRepeat: atLeastOne(settings.number('garp_master_repeat', defaults.garpRepeat.value, any)),
    garpRefreshS: settings.number('garp_master_refresh', defaults.garpRefreshS.value, any),
    garpRefreshRepeat: atLeastOne(
      settings.number('garp_master_refresh_repeat', defaults.garpRefreshRepeat.value, any),
    ),
    vips,
    excluded: vipsIn(settings.lines('virtual_ipaddress_excluded')),
    peers: settings.lines('unicast_peer').flatMap(([first]) => first ?? []),
    trackedInterfaces: tracked(settings.lines('track_interface')),
    trackedScripts: tracked(settings.lines('track_script')),
    ...given('interface', settings.text('interface')),
    ...given('virtualRouterId', router.place && router),
    ...given('sourceAddress', settings.text('unicast_src_ip', 'mcast_src_ip')),
    ...given('virtualMac', flagText(settings, 'use_vmac')),
    ...given('password', authentication.text('auth_pass')),
  };
}

export function scriptOf(statement: Statement): Script {
  const settings = new Settings(statement.block);
  return {
    name: statement.args[0]?.text ?? '',
    place: statement.place,
    command: settings.last('script')?.args[0]?.text ?? '',
    weight: settings.number('weight', 0, [-253, 253]),
    intervalS: settings.number('interval', 1, [0, 4294]),
    fall: settings.number('fall', 1, [1, 2147483647]),
    rise: settings.number('rise', 1, [1, 2147483647]),
  };
}

const vipsIn = (lines: Word[][]): VipLine[] => lines.flatMap((line) => vipLine(line) ?? []);
const atLeastOne = (of: Setting<number>): Setting<number> => ({ ...of, value: Math.max(1, of.value) });

/** BACKUP after MASTER does not count. */
function stateOf(settings: Settings): Setting<'MASTER' | 'BACKUP'> | undefined {
  const all = settings
    .all('state')
    .map(({ args: [word], place }) => ({ value: word?.text, place: word?.place ?? place }));
  const master = all.find(({ value }) => value === 'MASTER');
  if (master) return { value: 'MASTER', place: master.place };
  const last = all.at(-1);
  return last && { value: 'BACKUP', place: last.place };
}

/** Nothing but MASTER said makes an owner of the addresses; what is out of range becomes 100. */
function priorityOf(settings: Settings, state: 'MASTER' | 'BACKUP' | undefined): Setting<number> {
  const [word] = settings.last('priority')?.args ?? [];
  if (!word) return { value: state === 'MASTER' ? 255 : 100 };
  const value = /^\d+$/.test(word.text) ? Number(word.text) : 0;
  return { value: value >= 1 && value <= 255 ? value : 100, place: word.place };
}

function acceptOf(
  settings: Settings,
  of: { owner: boolean; strict: boolean; version: number },
): Setting<boolean> {
  const last = settings.last('accept', 'no_accept');
  if (!last) return { value: of.owner || !of.strict };
  const wanted = last.keyword.name === 'accept';
  const reset = wanted && !of.owner && of.strict && of.version === 2;
  return { value: wanted && !reset, place: last.place };
}

function tracked(lines: Word[][]): Tracked[] {
  return lines.flatMap(([first, ...more]) => {
    if (!first) return [];
    const at = more.findIndex((word) => word.text === 'weight');
    const weight = at < 0 ? undefined : Number(more[at + 1]?.text);
    return [{ name: first.text, place: first.place, ...(weight !== undefined && { weight }) }];
  });
}

const flagText = (settings: Settings, name: string): Setting<string> | undefined => {
  const found = settings.last(name);
  return found && { value: found.args[0]?.text ?? '', place: found.place };
};

const given = <K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: T };

import type { Place } from '../place.ts';
import { type Service, serviceOf } from './lvs.ts';
import type { Configuration } from './read.ts';
import { Settings } from './settings.ts';
import { type Instance, instanceOf, type Script, scriptOf, type VrrpDefaults, vrrpDefaults } from './vrrp.ts';
import type { Word } from './words.ts';

/** What a keepalived.conf is meant to do, with the values that keepalived 2.2.7 itself would use. */
export interface Intent {
  globals: Settings;
  vrrp: VrrpDefaults;
  instances: Instance[];
  scripts: Script[];
  syncGroups: { name: string; place: Place; members: Word[] }[];
  groups: { name: string; place: Place; lines: Word[][] }[];
  services: Service[];
}

export function intentOf({ statements }: Configuration): Intent {
  const top = new Settings(statements);
  const globals = new Settings(top.all('global_defs').flatMap((one) => one.block));
  const vrrp = vrrpDefaults(globals);
  return {
    globals,
    vrrp,
    instances: top.all('vrrp_instance').map((one) => instanceOf(one, vrrp)),
    scripts: top.all('vrrp_script').map(scriptOf),
    syncGroups: top.all('vrrp_sync_group').map(({ args, place, block }) => ({
      name: args[0]?.text ?? '',
      place,
      members: new Settings(block).lines('group').flat(),
    })),
    groups: top
      .all('virtual_server_group')
      .map(({ args, place, lines }) => ({ name: args[0]?.text ?? '', place, lines })),
    services: top.all('virtual_server').map(serviceOf),
  };
}

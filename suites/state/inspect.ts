import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import type { Lab } from '../../src/model/lab.ts';
import { programCommand } from '../../src/programs/index.ts';
import { switchName } from '../common/subjects.ts';

/** What every host of a lab, and its switch where that is one, shows of itself: one round trip for each, all at once. */
export async function inspected(lab: Lab): Promise<Map<string, string>> {
  const { hosts } = lab.spec;
  const ofHosts = hosts.map(async ({ name, role, sysctls }) => {
    const command = programCommand('host-state', [role, ...Object.keys(sysctls).map(pathOfSysctl)]);
    return [name, (await lab.host(name).run(command)).stdout] as const;
  });
  const entrances = driverTraitsOf(lab.spec).switchIsHost ? hosts.slice(0, 1) : [];
  const ofSwitch = entrances.map(async ({ name }) => {
    const command = ['ip', 'netns', 'exec', switchName, ...programCommand('host-state', ['switch'])];
    return [switchName, (await lab.host(name).run(command)).stdout] as const;
  });
  return new Map(await Promise.all([...ofHosts, ...ofSwitch]));
}

/** Below /proc/sys; a dot in the name of an interface is a `/` in the key. */
const pathOfSysctl = (key: string): string =>
  key.replaceAll(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));

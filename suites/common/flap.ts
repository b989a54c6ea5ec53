import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, hostSpec } from '../../src/model/spec.ts';

/** The interfaces of these hosts go down and up again, as when a driver is reloaded; the default route is put back. */
export async function flap(lab: Lab, hosts: string[]): Promise<void> {
  await Promise.all(
    hosts.map((name) => {
      const device = deviceOf(hostSpec(lab.spec, name));
      return lab.host(name).exec(`set -e
way=$(ip -4 route show default)
ip link set ${device} down
ip link set ${device} up
[ -z "$way" ] || ip route replace $way`);
    }),
  );
}

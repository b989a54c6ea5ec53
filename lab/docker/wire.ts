import { type DockerSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { rowsOf } from '../../src/programs/index.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import type { LabOf } from '../base/driver.ts';
import { holdersOf } from '../base/duplicates.ts';
import type { ContainerHost } from './host.ts';

/** A Docker host as far as its interfaces go. */
export interface Wired {
  endpoint: string;
  /** Sees the interfaces of the Docker host. */
  wire: ContainerHost;
}

/**
 * Before anything is put on a real network: the interface is there and up, and nobody has an address of the lab.
 * @throws {LabUnavailable}
 */
export async function checkWire(spec: LabOf<DockerSpec>, sites: Wired[]): Promise<void> {
  const { parent } = spec.driver;
  if (parent === undefined) return;
  for (const { wire, endpoint } of sites) {
    const { stdout } = await wire.exec(
      `cd /sys/class/net && echo * && cat '${parent}/operstate' 2>/dev/null; true`,
    );
    const [names = '', state] = stdout.trim().split('\n');
    if (state === undefined) throw noParent(parent, endpoint, names);
    if (state === 'down')
      throw new LabUnavailable(`the parent interface ${parent} of the Docker host ${endpoint} is down.`, {
        hint: `ip link set ${parent} up, and check its cable`,
      });
  }
  const [first] = sites;
  if (first) await refuseTaken(spec, first.wire, parent);
}

function noParent(parent: string, endpoint: string, names: string): LabUnavailable {
  const others = names.split(' ').filter((name) => name !== 'lo' && name !== '*');
  return new LabUnavailable(`the Docker host ${endpoint} has no interface ${parent}.`, {
    hint: `its interfaces: ${others.join(', ') || 'none'}; without «parent» drlab makes a veth pair of its own`,
  });
}

async function refuseTaken(spec: LabSpec, wire: ContainerHost, parent: string): Promise<void> {
  const addresses = [
    ...spec.hosts.filter(({ segment }) => segment === 'lan').map(({ ip }) => ip),
    ...vipsOf(spec),
  ];
  const own = await wire.exec(
    `ip -o -4 address show | while read -r _ device _ address _; do echo "\${address%/*} $device"; done`,
  );
  const holders = [
    ...rowsOf(own.stdout).filter(([address = '']) => addresses.includes(address)),
    ...(await holdersOf(addresses, parent, async (argv) => (await wire.run(argv)).stdout)),
  ];
  const taken = holders.map(([address, holder]) => `${address} (by ${holder})`);
  if (taken.length === 0) return;
  throw new LabUnavailable(`addresses of this lab are already in use on ${parent}: ${taken.join(', ')}.`, {
    hint: 'give the lab another «network.subnet», or the hosts and VIPs other addresses',
  });
}

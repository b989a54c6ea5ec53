import type { DriverKind } from '../src/model/kinds.ts';
import type { Lab } from '../src/model/lab.ts';
import type { HostProvenance } from '../src/model/record.ts';
import type { DriverSpecOf, LabSpec } from '../src/model/spec.ts';
import type { BuildOptions, Driver } from './base/driver.ts';
import { docker } from './docker/driver.ts';
import { netns } from './netns/driver.ts';
import { ssh } from './ssh/driver.ts';

/** The one place that knows all drivers. */

export type { Driver, SweepOptions, Swept } from './base/driver.ts';

export const drivers: { [Kind in DriverKind]: Driver<DriverSpecOf<Kind>> } = {
  netns,
  ssh,
  docker,
};

export const driverOf = ({ driver }: Pick<LabSpec, 'driver'>): Driver => drivers[driver.kind];

/** Builds the lab of whatever its lab file says. @throws as `Driver.build`. */
export const buildLab = (spec: LabSpec, options: BuildOptions = {}): Promise<Lab> =>
  driverOf(spec).build(spec, options);

/** What really holds on every host of a lab that is up. */
export const provenance = (lab: Lab): Promise<HostProvenance[]> => driverOf(lab.spec).provenance(lab);

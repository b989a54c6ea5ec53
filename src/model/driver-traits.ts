import { type DriverKind, driverKinds } from './kinds.ts';
import type { DriverSpec, DriverSpecOf, LabSpec } from './spec.ts';

/**
 * What is known of each driver without building anything: one table, which the lab file's rules, the runner and the
 * suites ask for a trait. What only code can do, such as building a lab, is in lab/drivers.ts.
 */

/** Keys of a host that not every driver understands. */
export type HostKey = 'image' | 'on' | 'device' | 'machine';

export interface DriverTraits<D extends DriverSpec = DriverSpec> {
  /** What its name alone means; missing: it has to be told more. */
  plain?: D;
  hostKeys: readonly HostKey[];
  /** A key that every host must have, why, and what to write, in sentences. */
  requires?: { key: HostKey; why: string; such: string };
  /** Names that a host's «on» may give. */
  placesOf?(driver: D): string[];
  /** The lab is a part of a real network, whose addresses its author knows. */
  onRealNetwork(driver: D): boolean;
  /** It has no way out, so that any addresses do. */
  noUplink: boolean;
  /** Hosts may have several interfaces on several segments. */
  wiring: boolean;
  /**
   * What its hosts are that drlab did not make, in a sentence: they keep their addresses, services and daemons, and none
   * is added. Missing: drlab makes them, as every lab wants them.
   */
  existingHosts?: string;
  /** Its hosts run what is installed in the sandbox, and nothing has to be brought to them. */
  runsProgramsOfSandbox: boolean;
  /** Its switch is a host, which can be looked into. */
  switchIsHost: boolean;
  ipv6: boolean;
}

export const driverTraits: { [Kind in DriverKind]: DriverTraits<DriverSpecOf<Kind>> } = {
  netns: {
    plain: { kind: 'netns' },
    hostKeys: [],
    onRealNetwork: () => false,
    noUplink: true,
    wiring: true,
    runsProgramsOfSandbox: true,
    switchIsHost: true,
    ipv6: true,
  },
  docker: {
    plain: { kind: 'docker', endpoint: 'own', network: 'macvlan', hosts: {} },
    hostKeys: ['image', 'on'],
    placesOf: ({ hosts }) => Object.keys(hosts),
    onRealNetwork: ({ parent }) => parent !== undefined,
    noUplink: false,
    wiring: false,
    runsProgramsOfSandbox: false,
    switchIsHost: false,
    ipv6: false,
  },
  ssh: {
    hostKeys: ['device', 'machine'],
    requires: {
      key: 'machine',
      why: 'a lab over ssh makes none',
      such: 'machine: { address: … }',
    },
    onRealNetwork: () => true,
    noUplink: false,
    wiring: false,
    existingHosts: 'existing machines',
    runsProgramsOfSandbox: false,
    switchIsHost: false,
    ipv6: false,
  },
};

export const driverTraitsOf = ({ driver }: Pick<LabSpec, 'driver'>): DriverTraits =>
  driverTraits[driver.kind];

export const driversThat = (have: (traits: DriverTraits) => unknown): DriverKind[] =>
  driverKinds.filter((kind) => have(driverTraits[kind]));

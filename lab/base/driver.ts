import type { Lab } from '../../src/model/lab.ts';
import type { HostProvenance } from '../../src/model/record.ts';
import type { DriverSpec, LabSpec } from '../../src/model/spec.ts';

export interface BuildOptions {
  progress?: (text: string) => void;
}

export type LabOf<D extends DriverSpec> = LabSpec & { driver: D };

/** What a sandbox must offer to labs of a driver, in addition to what the directors need of its kernel. */
export interface DriverNeeds {
  /** A dockerd of its own. */
  dockerd: boolean;
  /** What must be installed in it. */
  programs?: readonly { name: string; package: string }[];
  /** Nothing but a way to the hosts, which are on no kernel of its own. */
  elsewhere: boolean;
}

/** What was done about what labs left behind. */
export interface Swept {
  /** The Docker or the machine that was swept. */
  where: string;
  removed: string[];
  /** Of labs that are up, or of other machines, whose processes cannot be seen from here. */
  left: string[];
  /** What could not be removed, and why. */
  failed: string[];
}

export interface SweepOptions<D extends DriverSpec = DriverSpec> {
  /** Everything that this lab may have left; without it, all that is known here. */
  spec?: LabOf<D>;
  /** Further places to look at. */
  at?: readonly string[];
}

/**
 * What makes hosts. Of what they are made, everything else sees a `Host`; what a driver is like without running it, the
 * model knows (`driverTraits`). Whatever is large is loaded when a lab is built.
 */
export interface Driver<D extends DriverSpec = DriverSpec> {
  /**
   * Builds the lab, applies its configuration, and waits until it has settled. A configuration that does not settle is
   * what checks are there to find, so that is noted in `unsettled`, not thrown. Nothing half-built is left.
   * @throws {LabUnavailable} when it is unavailable here; {CommandFailed} when a configuration is refused; {StepFailed}.
   */
  build(spec: LabOf<D>, options?: BuildOptions): Promise<Lab>;
  /** What really holds on every host. */
  provenance(lab: Lab): Promise<HostProvenance[]>;
  /** What carries frames from host to host, as figures are labelled with it: `veth, offloads on`. */
  network(driver: D): string;
  needs(spec: Pick<LabOf<D>, 'driver' | 'director'>): DriverNeeds;
  /** Several labs of it may stand side by side on one machine. */
  parallel: boolean;
  /** Its hosts live in the sandbox's time, so that it can be virtual. */
  virtualTime: boolean;
  /** Puts right what a drlab that was killed left outside of any sandbox; missing: nothing can be left. */
  sweep?(options: SweepOptions<D>): Promise<Swept[]>;
  /** The same as soon as a lab's program was ended, quickly and without a word; missing: what is left undoes itself. */
  sweepAfter?(spec: LabOf<D>): Promise<void>;
}

import type { Lab } from '../../model/lab.ts';
import type { LabSpec } from '../../model/spec.ts';

/** Each driver is loaded when a lab needs it: dockerode and ssh2 are large. */

export interface BuildOptions {
  progress?: (text: string) => void;
}

/**
 * Builds the lab of whatever its lab file says.
 * @throws {LabUnavailable} when it cannot be had; {CommandFailed} when a configuration is refused.
 */
export async function buildLab(spec: LabSpec, options: BuildOptions = {}): Promise<Lab> {
  switch (spec.driver.kind) {
    case 'netns':
      return (await import('../../../lab/netns/index.ts')).buildLab(spec, options);
    case 'docker':
      return (await import('../../../lab/docker/index.ts')).buildDockerLab(spec, options);
    case 'ssh':
      return (await import('../../../lab/ssh/index.ts')).buildSshLab(spec, options);
  }
}

/** The lab's hosts are not on a kernel of the sandbox, so there is no sandbox. */
export const livesElsewhere = ({ driver }: LabSpec): boolean =>
  driver.kind === 'ssh' || (driver.kind === 'docker' && driver.endpoint !== 'own');

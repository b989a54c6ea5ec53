import type { CaptureOptions, RunningCapture } from '../../src/model/lab.ts';
import { deviceOf, hostSpec } from '../../src/model/spec.ts';
import { type Built, BuiltLab } from '../base/lab.ts';
import { MergedCapture } from '../capture/everywhere.ts';
import { captureOn } from './capture.ts';
import type { Inspection } from './inspect.ts';
import type { Machine } from './machine.ts';

interface BuiltOnMachines extends Built {
  machines: Map<string, Machine>;
  found: Map<string, Inspection>;
}

export class SshLab extends BuiltLab {
  readonly #machines: Map<string, Machine>;
  readonly #found: Map<string, Inspection>;

  constructor(built: BuiltOnMachines) {
    super(built);
    this.#machines = built.machines;
    this.#found = built.found;
  }

  /** There is no switch to look at: every machine tells what it sends, and the files become one. */
  async capture({ at = 'lan', ...options }: CaptureOptions): Promise<RunningCapture> {
    const start = (name: string, direction: 'out' | 'inout') => {
      const machine = this.#machines.get(name);
      if (!machine) throw new Error(`no host «${name}» in lab «${this.spec.name}»`);
      const device = deviceOf(hostSpec(this.spec, name));
      return captureOn(machine, { ...options, device, direction, ssh: this.#found.get(name)?.ssh });
    };
    if (at !== 'lan') return start(at, 'inout');
    const onSegment = this.spec.hosts.filter(({ segment }) => segment === 'lan');
    return MergedCapture.start(onSegment.map(({ name }) => start(name, 'out')));
  }
}

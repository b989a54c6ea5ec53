import type { Lab } from '../model/lab.ts';
import type { LabSpec } from '../model/spec.ts';

/** The same lab, of which only the description is another. */
export const viewOf = (lab: Lab, spec: LabSpec): Lab => ({
  spec,
  scope: lab.scope,
  configs: lab.configs,
  faults: lab.faults,
  ...(lab.unsettled !== undefined && { unsettled: lab.unsettled }),
  ...(lab.reach !== undefined && { reach: lab.reach }),
  host: (name) => lab.host(name),
  lacks: (capability) => lab.lacks(capability),
  capture: (options) => lab.capture(options),
  logs: () => lab.logs(),
  [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
});

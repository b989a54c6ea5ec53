export { chooseSandbox, missingPrograms, sandboxes } from './choose.ts';
export { hostSandbox } from './host.ts';
export { noSandbox } from './none.ts';
export { qemuSandbox } from './qemu/index.ts';
export type { QemuOptions } from './qemu/prepare.ts';
export type {
  Attempt,
  RunningSandbox,
  Sandbox,
  SandboxChoice,
  SandboxExit,
  SandboxJob,
  SandboxNeeds,
} from './types.ts';
export { umlSandbox, virtualTimeSandbox } from './uml.ts';

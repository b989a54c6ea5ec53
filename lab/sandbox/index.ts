export { chooseSandbox } from './choose.ts';
export { hostSandbox } from './host.ts';
export type {
  Attempt,
  RunningSandbox,
  Sandbox,
  SandboxChoice,
  SandboxExit,
  SandboxJob,
  SandboxNeeds,
} from './types.ts';
export { umlSandbox } from './uml.ts';

import { hostSandbox, qemuSandbox, type Sandbox, type SandboxJob, umlSandbox } from '../index.ts';

/**
 * A process to be killed by the lab tests: starts a sandbox and prints its pid, then how it ended.
 * usage: outer.js host|uml|qemu:KERNEL JOB-AS-JSON
 */
const [kind = '', jobText = ''] = process.argv.slice(2);
const job = JSON.parse(jobText) as SandboxJob;
const sandbox = await sandboxOf(kind).start(job);
if (!job.interactive) process.stdout.write(`${sandbox.pid}\n`);
process.stdout.write(`${JSON.stringify(await sandbox.exited)}\n`);

function sandboxOf(name: string): Sandbox {
  if (name.startsWith('qemu:')) return qemuSandbox({ kernel: name.slice('qemu:'.length) });
  return name === 'host' ? hostSandbox : umlSandbox;
}

import { hostSandbox, type SandboxJob, umlSandbox } from '../index.ts';

/**
 * A process to be killed by the lab tests: starts a sandbox and prints its pid, then how it ended.
 * usage: outer.js host|uml JOB-AS-JSON
 */
const [kind, jobText = ''] = process.argv.slice(2);
const job = JSON.parse(jobText) as SandboxJob;
const sandbox = await (kind === 'host' ? hostSandbox : umlSandbox).start(job);
if (!job.interactive) process.stdout.write(`${sandbox.pid}\n`);
process.stdout.write(`${JSON.stringify(await sandbox.exited)}\n`);

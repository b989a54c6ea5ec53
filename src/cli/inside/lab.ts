import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLab } from '../../../lab/drivers.ts';
import { traitsOf } from '../../model/director-kinds.ts';
import { dataPlanes } from '../../model/director-traits.ts';
import type { Job } from '../../model/job.ts';
import { hostsOf, type LabSpec, vipsOf } from '../../model/spec.ts';
import type { Emit } from '../../run/emit.ts';

type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;

const shellFolder = '/run/drlab-shell';

/**
 * Brings the lab up, gives the terminal to a shell (or one command), takes the lab down. Progress goes to
 * the terminal directly: told from outside, it could come after the prompt.
 */
export async function shell(job: JobOf<'shell'>, emit: Emit): Promise<number> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  await using lab = await buildLab(job.spec, { progress: say });
  emit({ type: 'lab-up', case: 'shell', tookMs: 0, configs: lab.configs, hosts: [] });
  mkdirSync(shellFolder, { recursive: true });
  const rc = join(shellFolder, 'rc');
  writeFileSync(rc, rcText(job.spec, lab.reach ?? ''));
  const argv = job.command ? ['-c', `. ${rc}; "$@"`, 'drlab', ...job.command] : ['--rcfile', rc, '-i'];
  const child = spawn('/bin/bash', argv, {
    stdio: 'inherit',
    env: { ...process.env, DRLAB_LAB: job.spec.name },
  });
  // The shell's own terminal signals are for what runs in it.
  process.on('SIGINT', () => {});
  // Without the await the lab would be taken down as soon as the shell begins.
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Keeps the lab up until the sandbox is ended from outside. */
export async function hold(job: JobOf<'hold'>, emit: Emit): Promise<number> {
  const start = performance.now();
  const lab = await buildLab(job.spec, { progress: (text) => emit({ type: 'progress', text }) });
  const tookMs = Math.round(performance.now() - start);
  emit({ type: 'lab-up', case: 'hold', tookMs, configs: lab.configs, hosts: [] });
  return new Promise(() => {});
}

/**
 * One shell function for each host, so that `d1 ipvsadm -Ln` does what it says.
 * @param reach makes `ip netns exec` reach hosts that are no namespaces here.
 */
function rcText(spec: LabSpec, reach: string): string {
  const functions = spec.hosts.map(({ name }) => `${name}() { ip netns exec ${name} "$@"; }`);
  const hosts = spec.hosts.map(({ name, role, ip }) => `  ${name.padEnd(8)} ${role.padEnd(11)} ${ip}`);
  const [director] = hostsOf(spec, 'director');
  const [client] = hostsOf(spec, 'client');
  const service = spec.services[0];
  const examples = [
    director ? `${director.name} ${dataPlanes[traitsOf(spec).dataPlane].show}` : '',
    client && service ? `${client.name} curl -s http://${service.vip}:${service.port}/` : '',
    director ? `${director.name} tcpdump -c 10 -ni eth0` : '',
  ].filter((line) => line !== '');
  const banner = [
    `Lab «${spec.name}» is up; VIP ${vipsOf(spec).join(', ')}. Each host is a command:`,
    ...hosts,
    `For example: ${examples.join('   |   ')}`,
    'Leave with exit; the lab ends with the shell.',
  ];
  return [
    reach,
    ...functions,
    `PS1='drlab ${spec.name}# '`,
    `if [[ $- == *i* ]]; then cat <<'BANNER'\n${banner.join('\n')}\nBANNER\nfi`,
    '',
  ].join('\n');
}

import { spawn } from 'node:child_process';
import type { HookEnd } from '../base/hooks.ts';
import type { ContainerHost } from './host.ts';

/** Runs a hook on this machine; `ip netns exec HOST COMMAND` in it reaches every host, wherever its Docker is. */
export async function runHook(hook: string, hosts: HookHost[]): Promise<HookEnd> {
  const child = spawn('/bin/sh', ['-c', `${reach(hosts)}\n${hook}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { where: 'this machine', code, said };
}

export interface HookHost {
  host: ContainerHost;
  endpoint: string;
}

/** A shell function in front of `ip`, for hosts that are no namespaces with names on this machine. */
export function reach(hosts: HookHost[]): string {
  if (hosts.length === 0) return '';
  const cases = hosts.map(
    ({ host, endpoint }) =>
      `'netns exec ${host.name}') shift 3; docker -H '${endpoint}' exec -i $([ ! -t 0 ] || echo -t) '${host.container}' "$@" ;;`,
  );
  return `ip() { case "$1 $2 $3" in\n${cases.join('\n')}\n*) command ip "$@" ;; esac; }`;
}

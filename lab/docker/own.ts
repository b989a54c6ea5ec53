import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { LabUnavailable } from '../../src/util/errors.ts';
import { asset } from '../../src/util/root.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { connect } from './client.ts';

export interface OwnDocker {
  endpoint: string;
  /** Removes the control groups that the containers of a lab leave, since they would outlive the sandbox. */
  tidy(): Promise<void>;
}

let running: Promise<OwnDocker> | undefined;

/**
 * A dockerd of our own for the sandbox that this process runs in: started once, shared by the labs of this process,
 * ended with it. It makes no bridge and no firewall rule, and keeps all its files below /run.
 * @throws {LabUnavailable} outside a sandbox, without root, or without dockerd.
 */
export function ownDocker(): Promise<OwnDocker> {
  running ??= start().catch((error) => {
    running = undefined;
    throw error;
  });
  return running;
}

async function start(): Promise<OwnDocker> {
  const sandbox = process.env.DRLAB_SANDBOX ?? 'none';
  if (sandbox === 'none')
    throw new LabUnavailable('«endpoint: own» starts a dockerd inside a sandbox, and this is not one.', {
      hint: 'use --sandbox auto, or name the endpoint of a running Docker',
    });
  if (!isInstalled('dockerd'))
    throw new LabUnavailable('dockerd is not installed.', { hint: 'apt-get install docker.io' });
  const name = `drlab-own-${randomBytes(4).toString('hex')}`;
  const folder = join('/run', name);
  mkdirSync(folder, { mode: 0o700 });
  const argv = ['--mount', '--propagation', 'private', '/bin/sh', asset('lab/docker/own.sh'), folder, name];
  const child = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const endpoint = `unix://${join(folder, 'docker.sock')}`;
  await until(
    'a dockerd of our own to answer',
    async () => {
      if (existsSync(join(folder, 'ended')) || child.exitCode !== null) throw refused(folder, said);
      return existsSync(join(folder, 'docker.sock')) ? connect(endpoint).catch(() => undefined) : undefined;
    },
    { withinMs: timeoutMs.sandboxStart, everyMs: 30, lastSeen: () => lastLines(folder) || said },
  );
  // It shall not keep this process from ending, which is what ends it.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as Socket).unref();
  const tidy = async (): Promise<void> => {
    const answered = once(child.stdout, 'data');
    child.stdin.write('tidy\n');
    await answered;
  };
  return { endpoint, tidy };
}

function refused(folder: string, said: string): LabUnavailable {
  return new LabUnavailable(`dockerd does not start here: ${said.trim() || lastLines(folder)}`, {
    hint: 'as root, try --sandbox qemu; or name the endpoint of a running Docker',
  });
}

function lastLines(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-3).join('\n');
  } catch {
    return '';
  }
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

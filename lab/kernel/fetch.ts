import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LabUnavailable } from '../../src/util/errors.ts';
import { asset } from '../sandbox/assets.ts';
import { cachedKernel, type Kernel, kernelsDir } from './cache.ts';
import type { KernelPackage } from './packages.ts';

/** Told how far a fetch is. */
export type FetchProgress = (doneBytes: number, downloadBytes: number) => void;

const progressEveryMs = 250;

/**
 * Fetches a kernel package into the cache of this user, unless it is there, and unpacks it.
 * @throws {LabUnavailable} with the last words of apt.
 */
export async function fetchKernel(of: KernelPackage, progress: FetchProgress = () => {}): Promise<Kernel> {
  const args = [asset('../kernel/fetch.sh'), kernelsDir(), of.name, of.release];
  progress(0, of.downloadBytes);
  const child = spawn('/bin/sh', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const look = setInterval(
    async () => progress(await bytesSoFar(of.release), of.downloadBytes),
    progressEveryMs,
  );
  const said = text(child.stderr);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(look));
  if (code !== 0) {
    const last = (await said).trim().split('\n').at(-1) ?? '';
    throw new LabUnavailable(`the kernel ${of.release} could not be fetched: ${withoutAddresses(last)}`, {
      hint: 'run apt-get update, and check that the machine reaches its package source',
    });
  }
  return cachedKernel(of.release);
}

async function bytesSoFar(release: string): Promise<number> {
  const dir = join(kernelsDir(), `.fetch-${release}`, 'archives');
  const names = await readdir(dir).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(dir, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Where packages come from is the machine's business. */
const withoutAddresses = (text: string): string => text.replace(/\bhttps?:\S+\s*/g, '');

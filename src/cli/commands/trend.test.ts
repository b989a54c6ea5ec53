import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addTrend } from './trend.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-trend-'));
  await mkdir(join(dir, 'runs'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function trend(): Promise<void> {
  const program = new Command();
  addTrend(program);
  await program.parseAsync(['node', 'drlab', 'trend', dir]);
}

it('a history without a run that can be read says why', async () => {
  await expect(trend()).rejects.toThrow(`the history ${dir} has no run`);
  await writeFile(join(dir, 'runs', 'night.json'), '{"version":2,"id":7}');
  await expect(trend()).rejects.toThrow('has no run; not read: night.json: command: Invalid option');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UsageError } from '../../util/errors.ts';
import { labDir, makeLabDir, processId, saveLab, standingLabs } from './labs.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-labs-'));
  vi.stubEnv('XDG_STATE_HOME', dir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const self = processId(process.pid);
const web = {
  name: 'web',
  file: 'web.yaml',
  keeper: self,
  sandbox: self,
  hosts: [],
  since: '2026-01-01T00:00:00Z',
};

it('a lab stands while its processes live', async () => {
  await makeLabDir('web');
  expect(await standingLabs()).toEqual([]);
  await saveLab(web);
  expect(await standingLabs()).toEqual([web]);
  await saveLab({ ...web, sandbox: { ...self, startTicks: '1' } });
  expect(await standingLabs()).toEqual([]);
});

it('one whose file is damaged is told, with what to do', async () => {
  await makeLabDir('web');
  const file = join(labDir('web'), 'lab.json');
  await writeFile(file, JSON.stringify({ ...web, keeper: 7 }));
  const error: unknown = await standingLabs().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: `${file}: keeper: Invalid input: expected object, received number`,
    hint: expect.stringContaining(`Remove the folder ${labDir('web')}`),
  });
});

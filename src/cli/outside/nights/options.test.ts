import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendRun } from '../../../history/store.ts';
import { aNight } from '../../../history/testing/nights.ts';
import { aRecord } from '../../../report/testing/record.ts';
import { UsageError } from '../../../util/errors.ts';
import { openNight } from './options.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-night-options-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('a run is no night unless it is kept', async () => {
  expect(await openNight({})).toBeUndefined();
  expect(await openNight({ history: join(dir, 'a', 'b') })).toMatchObject({ dir: join(dir, 'a', 'b') });
});

it.each([
  [{ baseline: 'median:7' }, '--baseline needs --history DIR'],
  [{ failOn: 'regression' as const }, '--fail-on regression needs --baseline'],
])('half of it is refused: %o', async (options, why) => {
  await expect(openNight(options)).rejects.toThrow(why);
  await expect(openNight(options)).rejects.toThrow(UsageError);
});

it.each(['median:0', 'median:many', 'night-0009', 'no/run.json'])(
  'a baseline that is none is refused before a lab is built: %s',
  async (baseline) => {
    await expect(openNight({ history: dir, baseline })).rejects.toThrow(UsageError);
  },
);

it('a baseline is a median, a run of the history, or a record', async () => {
  expect(await openNight({ history: dir, baseline: 'median:5', failOn: 'regression' })).toMatchObject({
    baseline: { kind: 'median', runs: 5 },
    failOn: 'regression',
  });
  await appendRun(dir, aNight(1, [500]));
  const named = { kind: 'named', name: 'night-0001' };
  expect(await openNight({ history: dir, baseline: 'night-0001' })).toMatchObject({ baseline: named });
  const file = join(dir, 'run.json');
  await writeFile(file, JSON.stringify(aRecord({ id: 'elsewhere' })));
  const night = await openNight({ history: dir, baseline: file });
  expect((await night?.read(file))?.id).toBe('elsewhere');
});

it('a history that cannot be written is refused', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(openNight({ history: join(dir, 'file') })).rejects.toMatchObject({
    hint: 'choose another folder: --history DIR',
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lostLinks } from './links.ts';

const published = 'reports/published';
const files = (await readdir(published, { recursive: true })).filter((file) => file.endsWith('.json'));
const kinds = {
  run: 'run.json',
  comparison: 'comparison.json',
  exploration: 'exploration.json',
  matrix: 'matrix.json',
};

describe.each(Object.entries(kinds))('published records of the kind %s', (kind, name) => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(`docs/${kind}.schema.json`, 'utf8')));
  const records = files.filter((file) => file.split('/').at(-1) === name);

  it('there is one', () => expect(records).not.toEqual([]));

  it.each(records)('%s is as docs describe it', (file) => {
    const parsed = schema.safeParse(JSON.parse(readFileSync(join(published, file), 'utf8')));
    expect(parsed.error?.issues ?? []).toEqual([]);
  });
});

it('no link of a published page leads nowhere', async () => {
  expect(await lostLinks(published)).toEqual([]);
});

it('what was left out is not there, and what was not is', () => {
  for (const file of files.filter((one) => one.endsWith('run.json'))) {
    const folder = join(published, file, '..');
    const { results } = JSON.parse(readFileSync(join(published, file), 'utf8'));
    for (const { evidence } of results)
      for (const { path, leftOut = false } of evidence)
        expect([path, existsSync(join(folder, path))]).toEqual([path, !leftOut]);
  }
});

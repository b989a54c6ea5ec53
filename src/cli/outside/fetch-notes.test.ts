import { expect, it } from 'vitest';
import { fetchNotes } from './fetch-notes.ts';

it('tells the size first, then each quarter once', () => {
  const said: string[] = [];
  const progress = fetchNotes((text) => said.push(text))('6.1.0-50-amd64');
  for (const done of [0, 1e6, 30e6, 31e6, 100e6, 100e6]) progress(done, 100e6);
  expect(said).toEqual([
    'kernel 6.1.0-50-amd64: 0 MB of 100 MB',
    'kernel 6.1.0-50-amd64: 30 MB of 100 MB',
    'kernel 6.1.0-50-amd64: 100 MB fetched, unpacking',
  ]);
});

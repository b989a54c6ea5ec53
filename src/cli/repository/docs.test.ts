import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { asset } from '../../util/root.ts';

const folder = asset('docs/decisions');
const records = readdirSync(folder).sort();

it('numbers decisions without gaps', () => {
  expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, i) => i + 1));
});

describe.each(records)('decision %s', (name) => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  test('has its number, and context, decision and consequence in this order', () => {
    expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. \\S`));
    const parts = [...text.matchAll(/^\*\*([A-Z][a-z]+)\.\*\*/gm)].map(([, part]) => part);
    expect(parts.slice(0, 3)).toEqual(['Context', 'Decision', 'Consequence']);
  });
});

import { expect, it } from 'vitest';
import { parseKvmMemory, recall, remember } from './kvm-memory.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-01-10T00:00:00.000Z');
const at = (ageDays: number) => new Date(now - ageDays * dayMs).toISOString();
const trial = (works: boolean, ageDays: number) => ({ works, why: 'seen', at: at(ageDays) });

it('remembers a hang for a week and a success for a month', () => {
  const memory = {
    hangs: trial(false, 6),
    hung: trial(false, 8),
    works: trial(true, 29),
    worked: trial(true, 31),
  };
  expect(Object.keys(memory).filter((key) => recall(memory, key, now))).toEqual(['hangs', 'works']);
});

it('does not trust a trial from the future, nor a date that is none', () => {
  expect(recall({ a: trial(true, -1) }, 'a', now)).toBeUndefined();
  expect(recall({ a: { ...trial(true, 0), at: 'yesterday' } }, 'a', now)).toBeUndefined();
});

it('adds a trial and forgets those that count no more', () => {
  const memory = remember({ old: trial(false, 8), other: trial(true, 1) }, 'new', trial(false, 0));
  expect(Object.keys(memory)).toEqual(['other', 'new']);
  expect(parseKvmMemory(JSON.stringify(memory))).toEqual(memory);
});

it.each(['', '{', '[]', 'null', '{"a":1}', '{"a":{"works":"yes"}}'])('starts afresh from %j', (text) => {
  expect(parseKvmMemory(text)).toEqual({});
});

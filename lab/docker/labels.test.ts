import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { aliasOf, aliasOwner, cableName } from './cable.ts';
import { fateOf, labelsOf, ownerOf, thisOwner } from './labels.ts';

const me = thisOwner();

test('an owner is read back from labels and from the alias of an interface', () => {
  expect(ownerOf(labelsOf('web', me))).toEqual(me);
  expect(aliasOwner(aliasOf(me))).toEqual(me);
  expect(Buffer.byteLength(aliasOf({ ...me, machine: 'm'.repeat(64) }))).toBeLessThan(255);
});

test('interfaces of a run have names that Linux accepts', () => {
  expect(`${cableName(me.run)}la`).toMatch(/^[^\s/:]{1,15}$/);
});

test.each([
  ['nothing', undefined],
  ['labels of others', { 'com.docker.compose.project': 'shop' }],
  ['an empty mark', { 'drlab.run': '' }],
])('%s make no owner', (_, labels) => {
  expect(ownerOf(labels)).toBeUndefined();
});

test.each(['', 'uplink', 'drlab', 'drlab:1:2', 'xdrlab:a:b:1:2:c'])('«%s» is no alias of ours', (alias) => {
  expect(aliasOwner(alias)).toBeUndefined();
});

test('this process is alive, and one that ended is dead', () => {
  const { pid } = spawnSync('true');
  expect(fateOf(me)).toBe('alive');
  expect(fateOf({ ...me, pid })).toBe('dead');
});

test('a process of the same number that started at another time is another one', () => {
  expect(fateOf({ ...me, startTicks: `${Number(me.startTicks) - 1}` })).toBe('dead');
});

test('nobody lives through a boot, and of other machines nothing is known', () => {
  expect(fateOf({ ...me, boot: 'earlier' })).toBe('dead');
  expect(fateOf({ ...me, machine: 'elsewhere', boot: 'earlier' })).toBe('unknown');
});

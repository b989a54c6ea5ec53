import { expect, it } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { differencesOf, fingerprintOf, isSame } from './fingerprint.ts';
import { aNight } from './testing/nights.ts';

const changed = (change: (record: RunRecord) => void): RunRecord => {
  const record = aNight(1, [500]);
  change(record);
  return record;
};
const base = fingerprintOf(changed(() => {}));

it.each<[string, (record: RunRecord) => void]>([
  ['lab', (record) => Object.assign(record.lab.spec.services[0] ?? {}, { scheduler: 'lc' })],
  ['lab', (record) => record.lab.spec.services.pop()],
  ['sandbox', (record) => Object.assign(record.fidelity, { cpus: 2 })],
  ['sandbox', (record) => Object.assign(record.fidelity, { sandbox: 'host' })],
  [
    'sandbox',
    (record) => Object.assign(record.results[0] ?? {}, { fidelity: { ...record.fidelity, time: 'virtual' } }),
  ],
  ['kernel', (record) => Object.assign(record.versions, { 'kernel in the sandbox': '6.12.1' })],
  ['machine', (record) => Object.assign(record.machine, { cpuModel: 'other' })],
])('another %s is another fingerprint, and says so', (part, change) => {
  const other = fingerprintOf(changed(change));
  expect(isSame(base, other)).toBe(false);
  expect(differencesOf(base, other)).toEqual([
    expect.stringMatching(new RegExp(`^${part}: «.+», not «.+»$`)),
  ]);
});

it('is blind to what a night is to find, to names of machines and to the order of keys', () => {
  const other = changed((record) => {
    record.drlab.commit = 'another';
    record.versions.keepalived = '2.3.1';
    record.machine.hostname = 'ci-8';
    record.machine.memoryBytes += 30_000_000;
    record.lab.text += '# a comment';
    record.lab.spec = Object.fromEntries(Object.entries(record.lab.spec).reverse()) as typeof record.lab.spec;
  });
  expect(fingerprintOf(other)).toEqual(base);
  expect(differencesOf(fingerprintOf(other), base)).toEqual([]);
});

it('without a kernel of its own the sandbox has that of the machine', () => {
  const other = changed((record) => {
    delete record.versions['kernel in the sandbox'];
  });
  expect(fingerprintOf(other).kernel).toBe('6.18.5');
});

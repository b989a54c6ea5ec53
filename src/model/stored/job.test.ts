import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseLab } from '../labfile/index.ts';
import { readJob } from './job.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drlab-job-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('a job is read as it was written, and told where it does not fit', () => {
  const file = join(dir, 'job.json');
  const spec = parseLab('services: [{ vip: 198.18.0.100, port: 80 }]', 'web.yaml');
  const purpose = { kind: 'unbroken', when: 'run' };
  const job = { kind: 'checks', cases: [{ purpose, spec, checks: ['ARP-01'] }], outDir: dir };
  writeFileSync(file, JSON.stringify(job));
  expect(readJob(file)).toEqual(job);
  writeFileSync(
    file,
    JSON.stringify({ ...job, cases: [{ purpose, spec: { ...spec, hosts: {} }, checks: [] }] }),
  );
  expect(() => readJob(file)).toThrow(`${file}: cases[0].spec.hosts: Invalid input: expected array`);
  expect(() => readJob(join(dir, 'none.json'))).toThrow('there is no such file');
});

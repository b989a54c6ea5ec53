import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recipe } from '../../../lab/kernel/built.ts';
import { checks } from '../../../suites/index.ts';
import { parseLab } from '../../model/labfile/index.ts';
import type { SandboxKind } from '../../model/record.ts';
import { runCases } from '../../run/cases.ts';
import { caseName } from '../../run/purpose.ts';
import { LabUnavailable, UsageError } from '../../util/errors.ts';
import { type TimeName, virtualPart } from './times.ts';

const spec = parseLab('name: one', 'one.yaml');
const cases = runCases(spec, checks);
const asked = (time: TimeName, over = {}) =>
  virtualPart({ cases, checks, spec, sandbox: 'auto', time, ...over });

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'drlab-times-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

describe('without a kernel for virtual time', () => {
  it('everything is in real time, unless virtual time was asked for', async () => {
    expect(await asked('real')).toBeUndefined();
    expect(await asked('auto')).toBeUndefined();
    const refused = asked('virtual');
    await expect(refused).rejects.toThrow(LabUnavailable);
    await expect(refused).rejects.toMatchObject({ hint: 'drlab kernel build' });
  });
});

it.each(['host', 'qemu', 'none'])('virtual time and the sandbox %s exclude each other', async (sandbox) => {
  await expect(asked('virtual', { sandbox })).rejects.toThrow(UsageError);
  expect(await asked('auto', { sandbox })).toBeUndefined();
});

it('a kernel for qemu and virtual time exclude each other', async () => {
  await expect(asked('virtual', { kernel: '6.12' })).rejects.toThrow(UsageError);
});

describe('with a kernel for virtual time, auto', () => {
  beforeAll(async () => {
    const dir = join(cache, 'drlab/uml-kernels', `6.1.1-1-${await recipe()}`);
    await mkdir(dir, { recursive: true });
    for (const [file, text] of Object.entries({ linux: '', 'seed.so': '', release: '6.1.1\n' }))
      await writeFile(join(dir, file), text);
  });
  const inVirtual = async (real: SandboxKind | undefined) => {
    const part = await virtualPart({ cases, checks, spec, sandbox: 'auto', time: 'auto' }, real);
    return new Set(part?.cases.map(caseName));
  };

  it('takes all but what measures work where the lab would be in User-Mode Linux anyway', async () => {
    const taken = await inVirtual('uml');
    expect(taken.has('run') && taken.has('run@failover')).toBe(true);
    expect(taken.has('run@alone')).toBe(false);
  });

  it.each(['host', 'qemu', undefined] as const)(
    'takes only what waits for timers beside %s',
    async (real) => {
      const taken = await inVirtual(real);
      expect(taken.has('run@failover')).toBe(true);
      expect([...taken].filter((name) => !/anycast|failover|hours/.test(name))).toEqual([]);
    },
  );
});

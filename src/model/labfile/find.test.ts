import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCode, LabFileError, UsageError } from '../../util/errors.ts';
import { asset } from '../../util/root.ts';
import { hostsOf, type LabSpec } from '../spec.ts';
import { findLab, readLab, readyMadeLabs, topologiesDir } from './index.ts';

const names = await readyMadeLabs();

test('the ready-made labs', () => {
  expect(names).toEqual(expect.arrayContaining(['default', 'large', 'minimal', 'nftables', 'routed']));
});

describe.each(names)('%s', (name) => {
  test('resolves, says in two lines what it is for, and points editors to the schema', async () => {
    const { spec, text, file } = await readLab(await findLab(name));
    expect(file).toBe(join(topologiesDir, `${name}.yaml`));
    expect(spec.name).toBe(name);
    const [schema, ...comment] = text.split('\n').slice(0, 3);
    expect(schema).toBe('# yaml-language-server: $schema=../../docs/lab-file.schema.json');
    for (const line of comment) expect(line).toMatch(/^# [A-Z]/);
  });
});

describe('the examples', async () => {
  const folder = asset('lab/examples');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  test.each(files)('%s is a lab', async (file) => {
    const { spec } = await readLab(join(folder, file));
    expect(hostsOf(spec, 'director')).not.toEqual([]);
  });
});

describe('shapes', async () => {
  const shape = async (name: string) => (await readLab(await findLab(name))).spec;
  const count = (spec: LabSpec) =>
    (['client', 'router', 'director', 'realServer'] as const).map((role) => hostsOf(spec, role).length);

  test('default', async () => {
    const spec = await shape('default');
    expect(count(spec)).toEqual([1, 0, 2, 3]);
    expect(spec.director.vrrp).toBeDefined();
    expect(spec.services.map((s) => `${s.protocol} ${s.vip}:${s.port} ${s.scheduler}`)).toEqual([
      'tcp 198.18.0.100:80 rr',
      'tcp 198.18.0.100:8080 wrr',
      'udp 198.18.0.100:53 rr',
    ]);
    expect(spec.services[1]?.realServers.map((server) => server.weight)).toEqual([1, 2, 3]);
  });
  test.each([
    ['minimal', [1, 0, 1, 2]],
    ['large', [1, 0, 1, 100]],
    ['routed', [2, 1, 1, 3]],
    ['nftables', [1, 0, 1, 3]],
  ])('%s', async (name, expected) => {
    expect(count(await shape(name))).toEqual(expected);
  });
});

test('an unknown name: the nearest one, and all of them', async () => {
  const error = await findLab('defualt').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    exit: exitCode.usage,
    message: expect.stringContaining('Did you mean «default»?'),
    hint: expect.stringContaining(names.join(', ')),
  });
});

test('a path stays a path', async () => {
  expect(await findLab('./labs/web.yaml')).toBe('./labs/web.yaml');
  expect(await findLab('web.yml')).toBe('web.yml');
});

test('files that cannot be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drlab-labfile-'));
  try {
    await expect(readLab(join(folder, 'none.yaml'))).rejects.toThrow(/there is no file .*none\.yaml/);
    await expect(readLab(join(folder, 'none.yaml'))).rejects.toBeInstanceOf(UsageError);
    await expect(readLab(folder)).rejects.toThrow(/is a folder/);
    await expect(readLab(folder)).rejects.toBeInstanceOf(UsageError);
    const binary = join(folder, 'binary.yaml');
    await writeFile(binary, Buffer.from([0x6e, 0x0a, 0x7f, 0x45, 0xff, 0xfe, 0x00]));
    const error = await readLab(binary).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabFileError);
    expect(error).toMatchObject({ place: `${binary}:2:3`, message: expect.stringContaining('binary') });
    const huge = join(folder, 'huge.yaml');
    await writeFile(huge, '#'.repeat(5 * 2 ** 20));
    await expect(readLab(huge)).rejects.toThrow(/larger than 4 MiB/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

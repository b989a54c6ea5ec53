import { existsSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MatrixRecord } from '../../model/matrix.ts';
import { readMatrix, readRecord } from '../../model/stored/record.ts';
import { drlab, type Ended, start, TestFolder } from '../testing/drlab.ts';

/** The same checks in several places, through the command line. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const place = (...names: string[]): string[] => names.flatMap((name) => ['--place', name]);

describe('two places', () => {
  let ended: Ended;
  let record: MatrixRecord;
  const at = (name: string): string => folder.at('two', name);
  beforeAll(async () => {
    const places = place('netns/host/nftables', 'netns/uml/ipvsadm');
    ended = await drlab(['matrix', 'arp', ...places, '--lab', 'minimal', '--out', folder.at('two')]);
    record = await readMatrix(folder.at('two'));
  });

  it('are conformant, each named before and after it was run', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/place 1 of 2: netns\/host\/nftables.*place 2 of 2: netns\/uml\/ipvsadm/s);
    expect(ended.stdout).toMatch(/^arp +ARP-01 +✓ {2}✓ /m);
    expect(ended.stdout).toMatch(/Conformant in all 2 places: (\d+) checks × 2 places/);
  });

  it('are columns of what came out', () => {
    expect(record).toMatchObject({ exitCode: 0, labs: [{ file: 'lab/topologies/minimal.yaml' }] });
    expect(record.places).toMatchObject([
      { state: 'done', sandbox: 'host', director: 'nftables' },
      { state: 'done', sandbox: 'uml', director: 'ipvsadm', kernel: expect.stringMatching(/^6\./) },
    ]);
    for (const { cells } of record.places) {
      expect(cells.map(({ id }) => id)).toEqual(record.checks.map(({ id }) => id));
      expect(cells.find(({ id }) => id === 'ARP-01')).toMatchObject({ verdict: 'pass' });
    }
  });

  it('each have a whole run of their own', async () => {
    for (const { run, director, cells } of record.places) {
      const own = await readRecord(at(run?.dir ?? ''));
      expect(own).toMatchObject({ id: run?.id, lab: { spec: { director: { kind: director } } } });
      expect(own.results.map(({ verdict }) => verdict)).toEqual(cells.map(({ verdict }) => verdict));
      expect(existsSync(at(`${run?.dir}/report.html`))).toBe(true);
    }
  });

  it('are drawn again from their record', async () => {
    const first = readFileSync(at('matrix.html'), 'utf8');
    rmSync(at('matrix.html'));
    const again = await drlab(['report', folder.at('two')]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Conformant in all 2 places') });
    expect(readFileSync(at('matrix.html'), 'utf8')).toBe(first);
  });
});

/** A kernel that was built here would run nftables in uml. */
const nothingBuilt = () => ({ XDG_CACHE_HOME: folder.at('empty') });

describe('an unavailable place', () => {
  it('is a column of unsupported, and the others are run', async () => {
    // Debian's User-Mode Linux has no netdev family, none is built here, and the default lab names no machines.
    const places = place('netns/uml/nftables', 'ssh/none/nftables', 'netns/host/nftables');
    const args = ['matrix', 'ARP-01', ...places, '--json', '--out', folder.at('some')];
    const { code, stdout, stderr } = await drlab(args, { env: nothingBuilt() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const record = JSON.parse(stdout) as MatrixRecord;
    expect(record).toEqual(await readMatrix(folder.at('some')));
    expect(record.places.map(({ state, cells }) => [state, cells[0]?.verdict])).toEqual([
      ['unavailable', 'unsupported'],
      ['unavailable', 'unsupported'],
      ['done', 'pass'],
    ]);
    expect(record.places[0]?.reason).toContain('lacks the netdev family');
    expect(record.places[1]?.reason).toContain('names no machines');
    expect(readFileSync(folder.at('some', 'matrix.html'), 'utf8')).toContain('Conformant in 1 of 3 places');
  });

  it('alone is nothing run, not success', async () => {
    const args = ['matrix', 'ARP-01', ...place('netns/uml/nftables'), '--out', folder.at('none')];
    const { code, stdout } = await drlab(args, { env: nothingBuilt() });
    expect(code).toBe(3);
    expect(stdout).toMatch(/Nothing ran: 1 check × 1 place: 0 pass, 0 fail, 1 unsupported/);
  });

  it('by the word of its driver says so, and keeps its run', async () => {
    const machine = (name: string) =>
      `{ name: ${name}, ip: 198.18.0.7, machine: { address: 127.0.0.1, key: /nowhere/key } }`;
    const lab = [
      'name: nobody',
      'driver: { ssh: { knownHosts: /dev/null } }',
      `directors: { with: nftables, hosts: [${machine('d1')}] }`,
      `realServers: [${machine('rs1').replace('0.7', '0.8')}]`,
      `clients: [${machine('c1').replace('0.7', '0.9')}]`,
    ];
    await writeFile(folder.at('nobody.yaml'), lab.join('\n'));
    await writeFile(folder.at('matrix.yaml'), 'checks: [ARP-01]\nplaces: [{ lab: nobody.yaml }]\n');
    const { code } = await drlab([
      'matrix',
      '--places',
      folder.at('matrix.yaml'),
      '--out',
      folder.at('nobody'),
    ]);
    const [column] = (await readMatrix(folder.at('nobody'))).places;
    expect({ code, state: column?.state }).toEqual({ code: 3, state: 'unavailable' });
    expect(column?.driver).toBe('ssh');
    expect(column?.reason).toContain('the private key /nowhere/key cannot be read');
    expect(existsSync(folder.at('nobody', column?.run?.dir ?? 'x', 'report.html'))).toBe(true);
  });
});

describe('a place that was unavailable once', () => {
  it('is tried again when the matrix goes on, and what was done is not', async () => {
    const out = folder.at('again');
    const places = place('netns/host/nftables', 'netns/uml/ipvsadm');
    // nft is unavailable where the first of them looks for it.
    const prefix = ['unshare', '-m', 'sh', '-c', 'mount --bind /dev/null /usr/sbin/nft && exec "$@"', '-'];
    const first = await drlab(['matrix', 'ARP-01', ...places, '--out', out], { prefix });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`Retry the places that were unavailable: drlab matrix --resume ${out}\n`);
    const before = await readMatrix(out);
    expect(before.places.map(({ state }) => state)).toEqual(['unavailable', 'done']);

    const again = await drlab(['matrix', '--resume', out]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('place 1 of 2');
    expect(again.stdout).not.toMatch(/place 2 of 2|Try again/);
    const after = await readMatrix(out);
    expect(after.places[1]).toEqual(before.places[1]);
    expect(after.places[0]).toMatchObject({ state: 'done', cells: [{ id: 'ARP-01', verdict: 'pass' }] });
    expect(after.places[0]).not.toHaveProperty('reason');
  });

  it('is the same column when it is still unavailable', async () => {
    const was = (await readMatrix(folder.at('none'))).places[0];
    const { code, stdout } = await drlab(['matrix', '--resume', folder.at('none')], { env: nothingBuilt() });
    expect(code).toBe(3);
    expect(stdout).toContain('place 1 of 1: netns/uml/nftables');
    const [now] = (await readMatrix(folder.at('none'))).places;
    expect({ ...now, tookMs: 0 }).toEqual({ ...was, tookMs: 0 });
  });
});

describe('a matrix that is interrupted', () => {
  it('keeps what is done, and goes on with what is missing', async () => {
    const out = folder.at('late');
    const places = place('netns/host/nftables', 'netns/uml/ipvsadm');
    const running = start(['matrix', 'ARP-01', 'ARP-02', ...places, '--out', out]);
    await running.printed(/place 2 of 2/);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain(`Resume it: drlab matrix --resume ${out}`);
    const left = await readMatrix(out);
    expect(left).toMatchObject({ exitCode: 130, places: [{ state: 'done' }, {}] });
    expect(left.places[1]?.state).not.toBe('done');

    const resumed = await drlab(['matrix', '--resume', out]);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).not.toContain('place 1 of 2');
    const whole = await readMatrix(out);
    expect(whole.places[0]).toEqual(left.places[0]);
    expect(whole.places.map(({ state, cells }) => [state, cells.length])).toEqual([
      ['done', 2],
      ['done', 2],
    ]);
  });

  it('resumes with nothing else than it began with', async () => {
    const { code, stderr } = await drlab(['matrix', 'arp', '--resume', folder.at('late')]);
    expect(code).toBe(64);
    expect(stderr).toContain('the checks, places and labs it began with');
  });
});

describe('a matrix that makes no sense', () => {
  it.each([
    [['--place', 'netns/uml'], 64, /is not a place; expected driver\/sandbox/],
    [['--place', 'netns/uml/ipvsadm', '--places', 'default'], 64, /give one of them/],
    [['--places', '/nowhere.yaml'], 64, /there is no file \/nowhere\.yaml/],
    [['--resume', '/nowhere'], 64, /\/nowhere: there is no such file/],
  ])('%j is refused', async (args, code, says) => {
    const ended = await drlab(['matrix', ...args]);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
  });

  it.each([
    ['a sandbox', 'places:\n  - netns/moon/ipvsadm\n', '2:5', 'the place has «moon», which is not a sandbox'],
    [
      'a check',
      'checks: [arp, APR-01]\nplaces: [netns/uml/ipvsadm]\n',
      '1:15',
      'expected a suite (state, arp,',
    ],
    ['a lab', 'lab: defualt\nplaces: [netns/uml/ipvsadm]\n', '1:6', 'Did you mean «default»'],
    ['a lab file', 'places:\n  - { lab: rack.yaml }\n', '2:12', 'expected the path of a lab file'],
    ['a kernel', 'places:\n  - netns/qemu:bookworm/ipvsadm\n', '2:5', 'expected a release such as 6.12'],
  ])('with %s that there is not is refused with line and column', async (_, text, at, says) => {
    await writeFile(folder.at('bad.yaml'), text);
    const { code, stdout, stderr } = await drlab(['matrix', '--places', folder.at('bad.yaml')]);
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    expect(stderr).toContain(`${folder.at('bad.yaml')}:${at}: `);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(says);
  });
});

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRecord } from '../../model/stored/record.ts';
import { writeMatrix, writeReports } from '../../report/index.ts';
import { aMatrix } from '../../report/testing/matrix.ts';
import { aRecord } from '../../report/testing/record.ts';
import { lostLinks } from './links.ts';
import { publish } from './publish.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-publish-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function aRun(folder: string): Promise<void> {
  const record = aRecord();
  await writeReports(record, folder);
  for (const { path } of record.results.flatMap(({ evidence }) => evidence)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), 'seen');
  }
  await mkdir(join(folder, 'raw'));
  await writeFile(join(folder, 'raw', 'events.ndjson'), '');
}

it('copies what a reader opens; evidence that stays behind is named without a link', async () => {
  const [from, to] = [join(dir, 'run'), join(dir, 'published')];
  await aRun(from);
  await publish(from, to, ['ARP-01']);
  expect((await readdir(to)).sort()).toEqual([
    'evidence',
    'junit.xml',
    'report.html',
    'run.json',
    'summary.md',
  ]);
  expect(await readdir(join(to, 'evidence'))).toEqual(['ARP-01']);
  const page = await readFile(join(to, 'report.html'), 'utf8');
  expect(page).toContain('<a href="./evidence/ARP-01/arp.pcap">arp.pcap</a>');
  expect(page).toMatch(/<li>neighbours\.txt <span class="soft">[^<]*, not published<\/span>/);
  expect(await readFile(join(to, 'junit.xml'), 'utf8')).not.toContain('ATTACHMENT|evidence/ARP-02');
  const { results } = await readRecord(to);
  expect(results.flatMap(({ id, evidence }) => evidence.map(({ leftOut }) => [id, leftOut]))).toContainEqual([
    'ARP-02',
    true,
  ]);
  expect(await lostLinks(to)).toEqual([]);
});

it('draws a published run again where it is', async () => {
  const to = join(dir, 'published');
  await aRun(to);
  await publish(to, to, ['ARP-01']);
  await publish(to, to, ['ARP-01', 'ARP-02']);
  expect(await readdir(join(to, 'evidence'))).toEqual(['ARP-01']);
  expect(await lostLinks(to)).toEqual([]);
  await publish(to, to, []);
  expect(await readdir(to)).not.toContain('evidence');
});

it('publishes a matrix with the runs of its places', async () => {
  const [from, to] = [join(dir, 'matrix'), join(dir, 'published')];
  await mkdir(from);
  await writeMatrix(aMatrix(), from);
  for (const { run } of aMatrix().places) if (run) await aRun(join(from, run.dir));
  await publish(from, to, []);
  const lost = await lostLinks(to);
  expect(lost.filter((link) => !link.includes('report.html#'))).toEqual([]);
  expect(await readdir(to)).toEqual(expect.arrayContaining(['matrix.html', 'matrix.json', 'places']));
});

it('refuses what is none, and leaves what was published', async () => {
  const to = join(dir, 'published');
  await aRun(to);
  await expect(publish(dir, to, [])).rejects.toThrow(`${dir} holds no run.json, matrix.json`);
  await writeFile(join(dir, 'run.json'), '{"version":2}');
  await expect(publish(dir, to, [])).rejects.toThrow('run.json: command: Invalid option');
  expect(await readdir(to)).toContain('report.html');
  expect(await readdir(dir)).not.toContain('published.new');
});

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crowding } from '../../util/crowding.ts';
import { packageRoot } from '../../util/root.ts';
import { until } from '../../util/until.ts';
import { drlab, type Ended, TestFolder } from '../testing/drlab.ts';

/** What cannot be built is refused at once, in one paragraph, and nothing is built. */

const good = `name: t
directors: 1
realServers:
  - { name: rs1, ip: 198.18.0.21 }
  - { name: rs2, ip: 198.18.0.22 }
clients: 1
services:
  - { vip: 198.18.0.100, port: 80, scheduler: rr }
`;

/** Content of a lab file, where the mistake is, and a word of what is said about it. */
const files: [what: string, content: string | Uint8Array, place: string, says: RegExp][] = [
  ['an unknown key', good.replace('clients', 'cliens'), '6:1', /«cliens».*clients/],
  ['a duplicate address', good.replace('0.22', '0.21'), '5:22', /198\.18\.0\.21.*rs1|rs1.*198\.18\.0\.21/],
  ['a VIP outside the network', good.replace('198.18.0.100', '10.0.0.1'), '8:12', /10\.0\.0\.1.*network/],
  ['no such port', good.replace('port: 80', 'port: 70000'), '8:32', /«port».*0 to 65535/],
  ['port 0 without persistence', good.replace('port: 80', 'port: 0'), '8:26', /«persistence: 300s»/],
  ['no such scheduler', good.replace('rr }', 'roundrobin }'), '8:47', /«roundrobin».*rr, wrr/],
  ['an empty file', '', '1:1', /empty/],
  ['a binary file', Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) % 256), '1:1', /binary/],
  ['two documents', `${good}---\n${good}`, '9:1', /second YAML document/],
];

let folder: TestFolder;
const none = (): string[] => [];
const runs = (): Promise<string[]> => readdir(join(packageRoot, 'reports', 'runs')).catch(none);
let runsBefore: string[] = [];

beforeAll(async () => {
  folder = await TestFolder.create();
  runsBefore = await runs();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function expectRefusal({ code, stdout, stderr, tookMs }: Ended, exit: number, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(code).toBe(exit);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at |Error:/m);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  expect(tookMs).toBeLessThan(10_000);
}

describe('a lab file with', () => {
  it.each(files)('%s', async (what, content, place, says) => {
    const file = folder.at(`${what.replaceAll(' ', '-')}.yaml`);
    await writeFile(file, content);
    const refused = await drlab(['run', 'arp', '--lab', file]);
    expectRefusal(refused, 65, says);
    expect(refused.stderr.startsWith(`drlab: ${file}:${place}: `), refused.stderr).toBe(true);
  });

  it('no file at all, or a folder in its place', async () => {
    await mkdir(folder.at('folder.yaml'));
    expectRefusal(await drlab(['run', '--lab', folder.at('none.yaml')]), 64, /no file .*none\.yaml/);
    expectRefusal(await drlab(['run', '--lab', folder.at('folder.yaml')]), 64, /is a folder/);
    expectRefusal(await drlab(['mutants', '--lab', 'nosuch']), 64, /Ready-made labs: default, /);
  });
});

describe('a command line with', () => {
  const lines: [what: string, args: string[], exit: number, says: RegExp][] = [
    ['an unknown check', ['run', 'nosuch'], 64, /no check or suite begins with «nosuch»/],
    ['an unknown check to list', ['list', 'ARP-99'], 64, /«ARP-99»/],
    ['an unknown command', ['frobnicate'], 64, /unknown command 'frobnicate'/],
    ['an unknown option', ['run', '--nosuch'], 64, /unknown option '--nosuch'/],
    ['an unknown sandbox', ['run', '--sandbox', 'nonsense'], 64, /nonsense.*auto, .*host, uml/],
    [
      'a folder that cannot be',
      ['run', '--lab', 'nftables', '--out', '/proc/x'],
      64,
      /cannot write to \/proc\/x/,
    ],
    ['no such run', ['report', 'nosuch'], 64, /nosuch: there is no such file/],
    ['a shell without completion', ['completion', 'fish'], 64, /«fish»/],
    [
      'a sandbox that lacks what the lab needs',
      ['run', '--lab', 'nftables', '--sandbox', 'uml'],
      69,
      /uml: .*nf_tables/,
    ],
  ];
  it.each(lines)('%s', async (_, args, exit, says) => {
    // A kernel that was built here would run the last of them.
    expectRefusal(await drlab(args, { env: { XDG_CACHE_HOME: folder.at('empty') } }), exit, says);
  });

  it('a file that is no record of a run', async () => {
    await writeFile(folder.at('empty.json'), '');
    await writeFile(folder.at('other.json'), '{"version": 1}');
    expectRefusal(await drlab(['report', folder.at('empty.json')]), 64, /empty\.json: not JSON/);
    expectRefusal(await drlab(['report', folder.at('other.json')]), 64, /other\.json: .*run\.schema\.json/s);
  });

  it('nothing to do shows what there is to do', async () => {
    const { code, stderr } = await drlab([]);
    expect(code).toBe(64);
    expect(stderr).toMatch(/Commands:.*run \[options\].*Exit codes:/s);
  });
});

it('leaves no folder of a run behind', async () => {
  // Others may run at the same time: theirs soon hold a job, what a refusal leaves stays bare.
  const bare = async (): Promise<string[]> => {
    const fresh = (await runs()).filter((name) => !runsBefore.includes(name));
    const raw = (name: string) => readdir(join(packageRoot, 'reports', 'runs', name, 'raw')).catch(none);
    const contents = await Promise.all(fresh.map(raw));
    return fresh.filter((_, i) => !contents[i]?.includes('job.json'));
  };
  const nothing = async () => ((await bare()).length === 0 ? true : undefined);
  expect(await until('no bare folder', nothing, { withinMs: 60_000 * crowding() })).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { machineFacts } from './facts.ts';
import { guestMemoryMiB } from './guest.ts';
import { inspectMachine, programFinding } from './inspect.ts';
import { inspectKernel } from './kernel.ts';
import type { Probing } from './probing.ts';
import { type Program, parsePrograms, programs } from './programs.ts';
import { inspectResources } from './resources.ts';
import { findPrograms, toolVersions } from './versions.ts';

interface FakeMachine {
  files?: Record<string, string>;
  /** Paths of programs that are there. */
  installed?: string[];
  /** Command line to what it prints; a command that is not here ends with 1. */
  answers?: Record<string, string>;
  writable?: string[];
}

function fake({ files = {}, installed = [], answers = {}, writable = [] }: FakeMachine) {
  const asked: string[] = [];
  const on: Probing = {
    async run(argv) {
      asked.push(argv.join(' '));
      const output = answers[argv.join(' ')];
      return output === undefined ? { code: 1, output: 'Operation not permitted' } : { code: 0, output };
    },
    locate: async (program) => installed.find((path) => path.endsWith(`/${program}`)),
    read: async (path) => files[path],
    writable: async (path) => writable.includes(path),
  };
  return { on, asked };
}

const program = (name: string, from: string): Program => ({
  purpose: 'start',
  name,
  package: from,
  neededFor: 'something',
});

describe('programs', () => {
  test('the table gives purpose, program, package and what for; comments are left out', () => {
    expect(parsePrograms('# a comment\n\ntest  chromium  chromium  the browser test\n')).toEqual([
      { purpose: 'test', name: 'chromium', package: 'chromium', neededFor: 'the browser test' },
    ]);
  });

  test('every line of our own table is understood', () => {
    const names = programs().map((one) => one.name);
    expect(names).toEqual(
      expect.arrayContaining(['linux.uml', 'ipvsadm', 'keepalived', 'ip', 'chromium', 'mn']),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('versions', () => {
  test('a program of Debian has the version of its package', async () => {
    const { on } = fake({
      installed: ['/usr/sbin/keepalived', '/usr/bin/iperf3'],
      answers: { 'dpkg-query --show keepalived iperf3': 'keepalived\t1:2.2.7-1+b2\niperf3:amd64\t3.12-1\n' },
    });
    const found = await findPrograms([program('keepalived', 'keepalived'), program('iperf3', 'iperf3')], on);
    expect(found.get('keepalived')).toEqual({ path: '/usr/sbin/keepalived', version: '1:2.2.7-1+b2' });
    expect(found.get('iperf3')?.version).toBe('3.12-1');
  });

  test('a program from elsewhere is asked itself, whatever package is installed', async () => {
    const { on } = fake({
      installed: ['/usr/local/sbin/keepalived'],
      answers: {
        'dpkg-query --show keepalived': 'keepalived\t1:2.2.7-1+b2\n',
        '/usr/local/sbin/keepalived --version': 'Keepalived v2.3.1 (05/24,2024)\n',
      },
    });
    const found = await findPrograms([program('keepalived', 'keepalived')], on);
    expect(found.get('keepalived')?.version).toBe('2.3.1');
  });

  test('ipvsadm is never run, since it would load a kernel module', async () => {
    const { on, asked } = fake({ installed: ['/opt/bin/ipvsadm'] });
    const found = await findPrograms([program('ipvsadm', 'ipvsadm')], on);
    expect(found.get('ipvsadm')).toEqual({ path: '/opt/bin/ipvsadm', version: 'unknown version' });
    expect(asked).toEqual(['dpkg-query --show ipvsadm']);
  });

  test('the record leaves out programs that are missing', async () => {
    const { on } = fake({
      installed: ['/usr/bin/linux.uml'],
      answers: { '/usr/bin/linux.uml --version': '6.1.176\n' },
    });
    expect(await toolVersions(on)).toEqual({ node: process.version, 'linux.uml': '6.1.176' });
  });
});

describe('kernel', () => {
  const named = async (machine: FakeMachine, name: string) =>
    (await inspectKernel(fake(machine).on)).find((finding) => finding.name === name);

  test('ip_vs in use, as a module, or not at all', async () => {
    const loaded = { files: { '/proc/net/ip_vs': 'IP Virtual Server version 1.2.1 (size=4096)\n' } };
    expect(await named(loaded, 'ip_vs')).toMatchObject({ ok: true, found: 'version 1.2.1' });
    const module = { answers: { 'modprobe --dry-run --quiet ip_vs': '' } };
    expect(await named(module, 'ip_vs')).toMatchObject({ ok: false, install: 'modprobe ip_vs' });
    expect(await named({}, 'ip_vs')).toMatchObject({ ok: false, found: 'not in this kernel' });
  });

  test('a refused namespace says what the kernel said', async () => {
    expect(await named({}, 'user namespaces')).toMatchObject({ ok: false, found: 'Operation not permitted' });
  });

  test('a KVM that this user may not open is told from none', async () => {
    expect((await named({ writable: ['/dev/kvm'] }, '/dev/kvm'))?.ok).toBe(true);
    expect((await named({ files: { '/proc/misc': '232 kvm\n' } }, '/dev/kvm'))?.found).toMatch(/this user/);
    expect((await named({}, '/dev/kvm'))?.found).toBe('not there');
  });
});

describe('resources', () => {
  const machine = {
    hostname: 'h',
    kernel: 'k',
    cpuModel: 'EPYC',
    cpus: 1,
    memoryBytes: 2 ** 31,
    os: 'Debian',
  };

  test('one CPU, little memory and an old node are found wanting', async () => {
    const { on } = fake({ files: { '/proc/meminfo': 'MemAvailable:     524288 kB\n' } });
    const findings = await inspectResources(on, machine, 'v18.19.0');
    expect(findings.map(({ name, ok, found }) => ({ name, ok, found }))).toEqual([
      { name: 'node', ok: false, found: 'v18.19.0' },
      { name: 'CPUs', ok: false, found: '1 × EPYC' },
      { name: 'memory', ok: false, found: '512 MiB of 2048 MiB available' },
    ]);
    expect(findings[2]?.neededFor).toContain(`${guestMemoryMiB} MiB`);
  });

  test('memory is enough from what a run gives its guest', async () => {
    const withMiB = (mebibytes: number) =>
      fake({ files: { '/proc/meminfo': `MemAvailable: ${mebibytes * 1024} kB\n` } }).on;
    const enough = async (mebibytes: number) =>
      (await inspectResources(withMiB(mebibytes), machine, 'v20.1.0')).find(({ name }) => name === 'memory')
        ?.ok;
    expect([await enough(guestMemoryMiB - 1), await enough(guestMemoryMiB)]).toEqual([false, true]);
  });
});

test('a missing program comes with the command that installs it', () => {
  expect(programFinding(program('nft', 'nftables'), undefined)).toEqual({
    name: 'nft',
    ok: false,
    required: true,
    found: 'missing',
    neededFor: 'something',
    install: 'apt-get install -y --no-install-recommends nftables',
  });
});

test('a bare machine still gets a finding for everything', async () => {
  const findings = await inspectMachine(fake({}).on);
  expect(findings.length).toBeGreaterThan(programs().length);
  expect(findings.filter((finding) => finding.ok).map((finding) => finding.name)).not.toContain('ipvsadm');
});

test('facts name the distribution as it names itself', async () => {
  const { on } = fake({
    files: { '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' },
  });
  expect((await machineFacts(on)).os).toBe('Debian GNU/Linux 12 (bookworm)');
  expect((await machineFacts(fake({}).on)).os).toBe('unknown');
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import { stepLine } from '../../model/remedy.ts';
import { readRecord } from '../../model/stored/record.ts';
import { drlab, type Ended, TestFolder } from '../testing/drlab.ts';

/** The main job, on real IPVS where there is a sandbox for it. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a lab that works', () => {
  let ended: Ended;
  let record: RunRecord;
  const out = (name: string) => folder.at('good', name);
  beforeAll(async () => {
    ended = await drlab(['run', 'arp', 'path', '--lab', 'minimal', '--out', folder.at('good')]);
    record = await readRecord(folder.at('good'));
  });

  it('is conformant, and the terminal says so', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^sandbox \w+: /);
    expect(ended.stdout).toMatch(/✓ ARP-01 .*exactly one MAC answers/);
    expect(ended.stdout).toMatch(/Conformant: \d+ of \d+ MUST checks pass/);
    expect(ended.stdout.trimEnd().endsWith(`Report: ${out('report.html')}`)).toBe(true);
  });

  it('passes every MUST that it can be asked, and gives a reason for the others', () => {
    const musts = record.results.filter(({ level }) => level === 'must');
    expect(musts.length).toBeGreaterThan(15);
    expect(musts.filter(({ verdict }) => !['pass', 'unsupported'].includes(verdict))).toEqual([]);
    const silent = musts.filter(
      ({ verdict, reason }) => verdict === 'unsupported' && !reason?.includes(': '),
    );
    expect(silent).toEqual([]);
    expect(musts.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
  });

  it('is recorded with where it ran, what was configured and what then held', () => {
    expect(record).toMatchObject({
      command: 'run',
      exitCode: 0,
      faults: [],
      lab: { spec: { name: 'minimal' } },
    });
    // Two where a kernel for virtual time has been built: that one for failovers, another for the rest.
    expect(record.sandboxTrials.filter(({ taken }) => taken).length).toBeGreaterThan(0);
    expect(record.configs.map(({ name }) => name)).toContain('ip -batch');
    const rs1 = record.hosts.find(({ host }) => host === 'rs1');
    expect(rs1?.facts.sysctls).toMatch(/net\.ipv4\.conf\.all\.arp_ignore = 1/);
  });

  it('writes every report', () => {
    expect(readFileSync(out('junit.xml'), 'utf8')).toMatch(/<testcase [^>]*ARP-01/);
    expect(readFileSync(out('summary.md'), 'utf8')).toMatch(/^## Conformant.*\| arp .*drlab run arp path/s);
    const html = readFileSync(out('report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('ARP-01');
  });

  it('keeps the evidence, captures as pcap', () => {
    const refs = record.results.flatMap(({ evidence }) => evidence);
    expect(refs.length).toBeGreaterThan(20);
    for (const { path, bytes } of refs) expect(statSync(out(path)).size, path).toBe(bytes);
    const arp = record.results.find(({ id }) => id === 'ARP-01')?.evidence ?? [];
    const pcap = arp.find(({ path }) => path.endsWith('.pcap'));
    expect(readFileSync(out(pcap?.path ?? '')).readUInt32LE()).toBe(0xa1b2c3d4);
  });
});

describe('a lab that a hook breaks', () => {
  it('is not conformant; the real server and the remedy are named', async () => {
    const file = folder.at('broken.yaml');
    await writeFile(
      file,
      [
        'name: broken',
        'directors: 1',
        'realServers: 2',
        'hooks: { afterApply: ["ip netns exec rs1 sysctl -w net.ipv4.conf.all.arp_ignore=0"] }',
        '',
      ].join('\n'),
    );
    const out = folder.at('broken');
    const { code, stdout } = await drlab(['run', 'arp', '--lab', file, '--out', out]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ ARP-01 .*Not conformant/s);
    const failed = (await readRecord(out)).results.find(({ id }) => id === 'ARP-01');
    expect(failed).toMatchObject({ verdict: 'fail', cause: expect.stringContaining('rs1') });
    const [step] = failed?.remedy ?? [];
    expect(step).toMatchObject({ on: 'rs1', run: expect.stringContaining('arp_ignore=1') });
    expect(stdout).toContain(step && stepLine(step));
    expect(readFileSync(`${out}/junit.xml`, 'utf8')).toMatch(/<failure /);
  });

  it('and that does not settle is reported on the terminal, in the record and in every report', async () => {
    const file = folder.at('unsettled.yaml');
    const hook = 'ip netns exec d1 ip addr del 198.18.0.100/32 dev eth0';
    await writeFile(file, `name: unsettled\ndirectors: 1\nhooks: { afterApply: ["${hook}"] }\n`);
    const out = folder.at('unsettled');
    const { stdout } = await drlab(['run', 'ARP-01', '--lab', file, '--out', out]);
    const [told] = (await readRecord(out)).unsettled ?? [];
    expect(told).toMatchObject({ case: 'run', lacks: expect.stringContaining('d1: lacks vip:198.18.0.100') });
    const files = ['report.html', 'junit.xml', 'summary.md'].map((name) =>
      readFileSync(`${out}/${name}`, 'utf8'),
    );
    for (const text of [stdout, ...files]) expect(text).toContain('the lab of run did not settle');
  });

  it.each([
    ['uml', 'ipvsadm'],
    ['host', 'nftables'],
  ])(
    'hooks in %s filter packets with iptables and write files, which end with the lab',
    async (sandbox, kind) => {
      const file = folder.at(`${sandbox}.yaml`);
      const hooks = [
        'echo 192.0.2.1 >/tmp/drlab-hook && cp /tmp/drlab-hook /etc/drlab-hook && cp /etc/drlab-hook /var/tmp',
        'ip netns exec rs1 iptables -A INPUT -s $(cat /var/tmp/drlab-hook) -j DROP',
        'ip netns exec rs1 iptables-save | grep -q 192.0.2.1',
      ];
      const text = { directors: { count: 1, with: kind }, hooks: { afterApply: hooks } };
      await writeFile(file, JSON.stringify(text));
      const where = ['--sandbox', sandbox, '--time', 'real', '--out', folder.at(`${sandbox}-hooks`)];
      const { code, stdout } = await drlab(['run', 'ARP-01', '--lab', file, ...where]);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining('1 of 1 MUST checks pass'),
      });
      for (const dir of ['/tmp', '/etc', '/var/tmp']) expect(existsSync(`${dir}/drlab-hook`)).toBe(false);
    },
  );

  it('of a hook that fails, it says once which and why, and judges nothing', async () => {
    const file = folder.at('hook.yaml');
    await writeFile(
      file,
      'name: hook\ndirectors: { count: 1, with: nftables }\nhooks: { afterApply: ["ip netns exec rs1 sh -c \'echo no luck >&2; exit 3\'"] }\n',
    );
    const { code, stdout } = await drlab(['run', 'arp', '--lab', file, '--out', folder.at('hook')]);
    expect(code).toBe(65);
    const said = stdout.replaceAll(/\s+/g, ' ');
    expect(said.match(/ended with 3: no luck/g)).toHaveLength(1);
    expect(said).toMatch(
      /hook\.yaml:3:23: hooks\.afterApply\[0\] on rs1: «ip netns exec rs1 .*drlab lab shell/,
    );
    expect(said).toMatch(/No lab: a hook of the lab file failed; \d+ checks were not run\./);
    expect((await readRecord(folder.at('hook'))).results).toEqual([]);
    expect(existsSync(folder.at('hook', 'report.html'))).toBe(true);
  });
});

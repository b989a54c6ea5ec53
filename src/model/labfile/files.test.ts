import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sysctlsToWrite, withoutFiles } from '../files.ts';
import { hostSpec } from '../spec.ts';
import { mistakeIn } from './mistake.ts';
import { parseLab } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'drlab-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'lab.yaml');
for (const path of [
  'lb1/etc/keepalived/keepalived.conf',
  'lb1/etc/sysctl.d/60-lvs.conf',
  'web/etc/sysctl.d/60-lvs.conf',
  'ha/etc/ha.d/ha.cf',
  'ha/etc/ha.d/ldirectord.cf',
  'net/etc/network/interfaces',
  'net/etc/iptables/rules.v4',
  'net/etc/nftables.conf',
  'script/usr/local/sbin/vip',
  'wrong/keepalived.conf',
]) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), '');
}
mkdirSync(join(folder, 'empty/etc'), { recursive: true });

const lab = (text: string) => parseLab(text, file);
const server = (more: string) => hostSpec(lab(`realServers: [{ name: rs1, ${more} }]`), 'rs1').files;

describe('files of a host', () => {
  it('are known by their paths there, and called for in the order of a boot', () => {
    const spec = lab('directors: { with: keepalived, hosts: [{ name: lb1, files: lb1 }] }');
    expect(hostSpec(spec, 'lb1').files).toEqual({
      from: join(folder, 'lb1'),
      place: 'directors.hosts[0]',
      paths: ['/etc/keepalived/keepalived.conf', '/etc/sysctl.d/60-lvs.conf'],
      start: ['sysctl', 'keepalived'],
      says: ['sysctls', 'directing'],
    });
  });

  it.each([
    ['files: web/', ['sysctl'], ['sysctls']],
    ['files: net', ['interfaces', 'nftables', 'iptables'], ['addresses', 'vips']],
    ['files: ha', ['heartbeat'], ['directing']],
    ['files: script, start: [/usr/local/sbin/vip up]', ['/usr/local/sbin/vip up'], ['vips', 'directing']],
    ['files: script', [], []],
  ])('%s', (more, start, says) => expect(server(more)).toMatchObject({ start, says }));

  it('may be the same for all that are only counted', () =>
    expect(lab('realServers: { count: 2, files: web }').hosts.filter(({ files }) => files)).toHaveLength(2));

  it('leave the sysctls of the kernel for sysctl.d to set', () => {
    const spec = lab('realServers: [{ name: rs1, files: web }, { name: rs2 }]');
    const key = 'net.ipv4.conf.all.arp_ignore';
    const written = (name: string) => sysctlsToWrite(hostSpec(spec, name))[key];
    expect([written('rs1'), written('rs2'), hostSpec(spec, 'rs1').sysctls[key]]).toEqual(['0', '1', '1']);
  });

  it('are left out of labs of ours', () =>
    expect(withoutFiles(lab('realServers: { count: 2, files: web }'))).toEqual(lab('realServers: 2')));
});

it.each([
  ['{ files: nowhere }', /there is no folder «nowhere»/],
  ['{ files: lab.yaml }', /«lab.yaml» is no folder|there is no folder/],
  ['{ files: empty }', /there is no file in «empty»/],
  ['{ files: wrong }', /«wrong\/keepalived.conf» would be \/keepalived.conf on the host/],
  ['{ files: web, start: [sysctls] }', /«sysctls» is nothing that drlab starts.* Did you mean «sysctl»\?/],
  ['{ start: [sysctl] }', /write «files», too/],
])('of %s it is told what is wrong', (host, says) => {
  const { place, message } = mistakeIn(`name: x\nrealServers: [${host}]`, file);
  expect(place).toMatch(/lab\.yaml:2:\d+$/);
  expect(message).toMatch(says);
});

it('of another kind than the directors are a mistake', () =>
  expect(mistakeIn('directors: { hosts: [{ files: lb1 }] }', file).message).toMatch(
    /write «with: keepalived»/,
  ));

it('are for hosts that drlab makes', () => {
  const text =
    'driver: { ssh: {} }\nnetwork: { subnet: 192.0.2.0/24 }\nclients: [{ name: c1, ip: 192.0.2.9, machine: { address: a } }]\nrealServers: [{ name: rs1, ip: 192.0.2.8, machine: { address: b }, files: web }]\ndirectors: { hosts: [{ name: d1, ip: 192.0.2.7, machine: { address: c } }] }';
  expect(mistakeIn(text, file).message).toMatch(/«files» is for hosts that drlab makes \(netns and docker\)/);
});

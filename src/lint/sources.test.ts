import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lint } from './lint.ts';
import { gather } from './sources.ts';
import { instance, server, service } from './testing/hosts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drlab-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const found = (...paths: string[]): string[] =>
  lint(gather(paths.map((path) => join(folder, path))).hosts).map(
    ({ rule, place }) => `${rule.id} ${place.file.slice(folder.length + 1)}:${place.line}`,
  );

test('a folder for each host is read as that host: its includes, its name, its sysctls in the order of the boot', () => {
  write({
    'lb1/etc/keepalived/keepalived.conf': 'include /etc/keepalived/conf.d/*.conf\n',
    'lb1/etc/keepalived/conf.d/{a}.conf': '# not a name that the pattern of another folder has\n',
    'lb1/etc/keepalived/conf.d/web.conf': instance().replace(
      'priority 150',
      '@lb1 priority 150\n@^lb1 priority 100',
    ),
    'lb2/etc/keepalived/keepalived.conf': instance()
      .replace('priority 150', '@lb1 priority 150\n@^lb1 priority 100')
      .replace('51', '52'),
    'web1/etc/sysctl.d/50-dr.conf': 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n',
    'web1/usr/lib/sysctl.d/60-base.conf': 'net.ipv4.conf.all.arp_ignore = 0\n',
    'notes.txt': 'nothing for us\n',
  });
  expect(found('')).toEqual([
    'KA-40 lb2/etc/keepalived/keepalived.conf:4',
    'SYS-01 web1/etc/sysctl.d/50-dr.conf:1',
    'SYS-02 web1/etc/sysctl.d/50-dr.conf:2',
  ]);
});

test('a file of one name in /etc hides that in /usr/lib', () => {
  write({
    'web1/etc/sysctl.d/50-dr.conf': 'net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n',
    'web1/usr/lib/sysctl.d/50-dr.conf': 'net.ipv4.conf.all.arp_ignore = 0\n',
  });
  expect(found('')).toEqual([]);
});

test('files alone are hosts of their own, and a pair is compared', () => {
  write({
    'a.conf': instance() + service(server('198.51.100.1')),
    'b.conf': instance().replace('150', '100') + service(server('198.51.100.2')),
  });
  expect(found('a.conf', 'b.conf')).toEqual(['KA-42 b.conf:15']);
});

test('an include of the machine that drlab runs on is not read', () => {
  write({ 'a.conf': 'include /etc/hostname\nglobal_defs {\n}\n' });
  expect(found('a.conf')).toEqual(['KA-05 a.conf:1']);
});

test('what is no file, or none that is known, is told', () => {
  write({ 'a.txt': 'hello\n' });
  expect(() => found('b.conf')).toThrow(/there is no file or folder .*b\.conf/);
  expect(() => found('a.txt')).toThrow(/neither a keepalived.conf nor a file of sysctl.d/);
  expect(() => found('')).toThrow(/no file here is a keepalived.conf or a file of sysctl.d/);
});

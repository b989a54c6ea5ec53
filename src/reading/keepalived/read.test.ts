import { expect, test } from 'vitest';
import { shownPlace } from '../place.ts';
import { readText } from '../testing/texts.ts';
import type { Statement } from './tree.ts';

/** Statements as indented words. */
const drawn = (statements: Statement[], depth = 0): string[] =>
  statements.flatMap(({ keyword, args, block, lines }) => [
    `${' '.repeat(depth)}${[keyword.name, ...args.map((word) => word.text)].join(' ')}`,
    ...drawn(block, depth + 1),
    ...lines.map((line) => `${' '.repeat(depth + 1)}${line.map((word) => word.text).join(' ')}`),
  ]);

/** `%{A}` stands for a definition in braces. */
const read = (text: string, more?: Record<string, string>, id?: string): string[] =>
  drawn(readText(text.replaceAll('%{', '${'), more, id).statements);
const remarks = (text: string, more?: Record<string, string>, id?: string): string[] =>
  readText(text, more, id).remarks.map(
    ({ kind, place, text: said }) => `${shownPlace(place)} ${kind}: ${said}`,
  );

test('braces on the same line, on the next, and several on one line mean the same', () => {
  const expected = ['virtual_server 192.0.2.1 80', ' real_server 198.51.100.1 80', '  weight 2'];
  expect(read('virtual_server 192.0.2.1 80 {\n real_server 198.51.100.1 80 {\n weight 2\n }\n}\n')).toEqual(
    expected,
  );
  expect(read('virtual_server 192.0.2.1 80\n{\nreal_server 198.51.100.1 80\n{\nweight 2\n}\n}')).toEqual(
    expected,
  );
  expect(read('virtual_server 192.0.2.1 80 { real_server 198.51.100.1 80 { weight 2 } }')).toEqual(expected);
  expect(
    read('virtual_server\t192.0.2.1\t80 {\r\n\treal_server 198.51.100.1 80 {\r\n\tweight 2\r\n}}\r\n'),
  ).toEqual(expected);
});

test('a comment begins at ! and #, but neither in double quotes nor after a backslash; single quotes protect nothing', () => {
  const script = (line: string): string => read(`vrrp_script s {\n script ${line}\n}`).at(1) ?? '';
  expect(script('/bin/a # b')).toBe(' script /bin/a');
  expect(script('/bin/a ! b # c')).toBe(' script /bin/a');
  expect(script('"/bin/a # b"')).toBe(' script /bin/a # b');
  expect(script("'/bin/a # b'")).toBe(" script '/bin/a");
  expect(script('/bin/a\\#b')).toBe(' script /bin/a#b');
});

test('lines for one host are read on that host alone', () => {
  const text = 'vrrp_instance a {\n @lb1 priority 150\n @^lb1 priority 100\n}';
  expect(read(text, {}, 'lb1')).toEqual(['vrrp_instance a', ' priority 150']);
  expect(read(text, {}, 'lb2')).toEqual(['vrrp_instance a', ' priority 100']);
  expect(remarks(text)[0]).toMatch(
    /^keepalived.conf:2:2 depends: is read only if the configuration id is «lb1»/,
  );
});

test('definitions are looked up when they are used, in braces or before a blank', () => {
  const text =
    '$BASE=10.2.%{SUB}\n$SUB=0\nvrrp_instance a {\nmcast_src_ip %{BASE}.100\n$SUB=10\nmcast_src_ip %{BASE}.100\ninterface $NONE\n}';
  expect(read(text)).toEqual([
    'vrrp_instance a',
    ' mcast_src_ip 10.2.0.100',
    ' mcast_src_ip 10.2.10.100',
    ' interface $NONE',
  ]);
});

test('a definition of many lines is a block to be used again', () => {
  const text = [
    '$VI= \\',
    'vrrp_instance VI_%{N} { \\',
    '  virtual_router_id %{N} \\',
    '  @lb1 priority 150 \\',
    '  $M=%{N} \\',
    '  interface eth%{M} \\',
    '}',
    '$N=1',
    '$VI',
    '$N=2',
    '$VI',
  ].join('\n');
  const one = (n: number): string[] => [
    `vrrp_instance VI_${n}`,
    ` virtual_router_id ${n}`,
    ' priority 150',
    ` interface eth${n}`,
  ];
  expect(read(text, {}, 'lb1')).toEqual([...one(1), ...one(2)]);
});

test('~SEQ and ~LST repeat the rest of their line, one in the other', () => {
  const lines = (line: string): string[] =>
    read(`vrrp_instance a {\nvirtual_ipaddress {\n${line}\n}\n}`)
      .slice(2)
      .map((one) => one.trim());
  expect(lines('~SEQ(N, 0, 2) 10.0.%{N}.1')).toEqual(['10.0.0.1', '10.0.1.1', '10.0.2.1']);
  expect(lines('~SEQ(N, 3) 10.0.%{N}.1')).toEqual(['10.0.1.1', '10.0.2.1', '10.0.3.1']);
  expect(lines('~SEQx(N, 0x90, 0x10, 0xb0) fe80::%{N}')).toEqual(['fe80::90', 'fe80::a0', 'fe80::b0']);
  expect(lines('~LST({A, B}, {10,1},{20,4}) 192.168.%{A}.%{B}')).toEqual(['192.168.10.1', '192.168.20.4']);
  expect(lines('~LST(A, 1, 2) ~SEQ(B, 5, 6) 192.0.%{A}.%{B}')).toEqual([
    '192.0.1.5',
    '192.0.1.6',
    '192.0.2.5',
    '192.0.2.6',
  ]);
});

test('included files are read in their place, and what was not read is said', () => {
  const more = {
    'conf.d/a.conf': 'vrrp_instance a {\n}\n',
    'conf.d/b.conf': 'vrrp_instance b {\n}\ninclude c.conf',
  };
  expect(read('include conf.d/*.conf\nvrrp_instance z {\n}', more)).toEqual([
    'vrrp_instance a',
    'vrrp_instance b',
    'vrrp_instance z',
  ]);
  expect(remarks('include conf.d/*.conf', more)).toEqual([
    'conf.d/b.conf:3:9 not read: «c.conf» was not read: no such file among those that were given',
  ]);
  expect(remarks('include /etc/keepalived/a.conf')[0]).toMatch(/outside the files that were given/);
  expect(remarks('include keepalived.conf', { 'keepalived.conf': '' })).toEqual([
    'keepalived.conf:1:9 syntax: «keepalived.conf» includes itself',
  ]);
});

test('an unknown word is ignored, and one that belongs elsewhere is told so', () => {
  expect(
    remarks('virtual_server 192.0.2.1 80 {\n nopreempt\n nat_mask 255.255.255.0\n dealy_loop 3\n}'),
  ).toEqual([
    'keepalived.conf:2:2 unknown: «nopreempt» is no keyword in virtual_server, so keepalived ignores it; it belongs in vrrp_instance.',
    'keepalived.conf:3:2 unknown: «nat_mask» is no keyword of keepalived 2.2.7 in virtual_server, so it is ignored.',
    'keepalived.conf:4:2 unknown: «dealy_loop» is no keyword of keepalived 2.2.7 in virtual_server, so it is ignored. Did you mean «delay_loop»?',
  ]);
});

test('a block of an unknown word ends the block around it, as it does in keepalived', () => {
  const text = 'vrrp_instance a {\n nonsense {\n priority 50\n }\n interface eth0\n}';
  expect(read(text)).toEqual(['vrrp_instance a', ' priority 50']);
  expect(remarks(text).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
    'keepalived.conf:2:2 unknown:',
    'keepalived.conf:2:11 ignored:',
    'keepalived.conf:5:2 unknown:',
    'keepalived.conf:6:1 syntax:',
  ]);
});

test('an open quote, a block without an end and a line that is too long have a place', () => {
  expect(remarks('vrrp_script s {\n script "/bin/a b\n}')[0]).toMatch(
    /^keepalived.conf:2:9 syntax: a quote opens here/,
  );
  expect(remarks('vrrp_instance a {\n priority 3\n')).toEqual([
    'keepalived.conf:1:1 syntax: the block that begins here is not closed before the file ends in line 2',
  ]);
  expect(remarks(`global_defs {\n router_id ${'x'.repeat(1020)}y\n}`)[0]).toMatch(
    /^keepalived.conf:2:1024 changed/,
  );
});

test('files that repeat without end are given up', () => {
  expect(remarks('$A=$A\n$A')).toEqual([
    'keepalived.conf:2:1 syntax: «$A» leads to itself: keepalived never ends with it',
  ]);
  const text = `$B= \\\n${'vrrp_script s { \\\n} \\\n'.repeat(50)}\n~SEQ(I,1,200) ~SEQ(J,1,200) $B`;
  expect(remarks(text).at(-1)).toMatch(/expands to more than 50000 lines/);
});

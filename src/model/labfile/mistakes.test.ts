import { expect, test } from 'vitest';
import { exitCode } from '../../util/errors.ts';
import { parseLab } from './index.ts';
import { type Case, mistake } from './mistake.ts';

const yaml: Case[] = [
  ['empty', '', '1:1', /empty.*name: web/],
  ['only a comment', '# nothing\n', '1:1', /empty/],
  ['binary', 'name: x\n\0', '2:1', /binary/],
  ['syntax', 'services: [ {', '1:14', /not valid YAML/],
  ['tab', 'clients:\n\t- {}', '2:1', /tab.*spaces/],
  ['two documents', 'name: x\n---\nname: y', '2:1', /second YAML document/],
  ['a key twice', 'name: x\nname: y', '2:1', /«name» is given twice/],
  ['a tag', 'name: !mine x', '1:7', /not valid YAML.*!mine/],
  ['an alias to nothing', 'name: *x', '1:7', /«\*x» refers to nothing/],
  [
    'aliases that explode',
    `a: &a [1]\n${[...'bcdefgh'].map((k, i) => `${k}: &${k} [${`*${'abcdefg'[i]},`.repeat(9)}]`).join('\n')}`,
    '1:1',
    /aliases/,
  ],
  ['a list', '- name: x', '1:1', /the lab file is a list; expected a mapping/],
  ['a word', 'hello', '1:1', /expected a mapping/],
];

const schema: Case[] = [
  ['unknown key', 'realServer: 3', '1:1', /unknown key «realServer». Did you mean «realServers»/],
  [
    'unknown key, nothing like it',
    'colour: red',
    '1:1',
    /unknown key «colour». Known here: name, driver, network/,
  ],
  [
    'unknown key below',
    'realServers:\n  - { wieght: 2 }',
    '2:7',
    /«wieght» in item 1 of «realServers».*«weight»/,
  ],
  ['__proto__', '__proto__: 1', '1:1', /unknown key «__proto__»/],
  ['no value', 'name: x\nservices:', '2:10', /«services» is empty; expected a list/],
  ['name', 'name: My Lab', '1:7', /lower-case/],
  ['host name', 'clients: [ { name: a/b } ]', '1:20', /letters, digits, dots, hyphens and underscores/],
  ['host name too long', `clients: [ { name: ${'a'.repeat(64)} } ]`, '1:20', /at most 63/],
  [
    'port -1',
    'services:\n  - port: -1',
    '2:11',
    /«port» of item 1 of «services» is -1; expected.*0 to 65535/,
  ],
  ['port 65536', 'services: [ { port: 65536 } ]', '1:21', /0 to 65535/],
  ['port as text', 'services: [ { port: http } ]', '1:21', /the text «http»; expected a whole number/],
  ['scheduler', 'services: [ { scheduler: wwr } ]', '1:26', /one of rr, wrr.*Did you mean «wrr»/],
  ['forwarding method', 'services: [ { forward: route } ]', '1:24', /one of dr, tun, nat/],
  ['protocol', 'services: [ { protocol: sctp } ]', '1:25', /one of tcp, udp/],
  ['address', 'services: [ { vip: 198.18.0.256 } ]', '1:20', /expected an address of either family/],
  ['MAC', 'clients: [ { mac: "01:00:00:00:00:01" } ]', '1:19', /unicast MAC/],
  ['weight', 'realServers: { count: 2, weight: 65536 }', '1:34', /0 to 65535/],
  ['count 0', 'realServers: 0', '1:14', /1 to 65535/],
  ['count missing', 'realServers: { weight: 2 }', '1:14', /«count» of «realServers» is missing/],
  ['count of half a director', 'directors: 1.5', '1:12', /a number, or a mapping/],
  ['empty list', 'realServers: []', '1:14', /an empty list; expected at least one real server/],
  ['director', 'directors: { with: keepalive }', '1:20', /Did you mean «keepalived»/],
  ['unit missing', 'services: [ { persistence: 300 } ]', '1:28', /duration with its unit/],
  ['wrong unit', 'realServers: [ { delay: 2sec } ]', '1:25', /«2sec»; expected a duration with its unit/],
  ['rate', 'clients: [ { link: { rate: 100 } } ]', '1:28', /100mbit/],
  ['loss', 'clients: [ { link: { loss: 1 } } ]', '1:28', /percentage/],
  ['body', 'realServers: [ { body: big } ]', '1:24', /a size such as/],
  ['via', 'clients: [ { via: d1 } ]', '1:19', /router/],
  ['priority', 'directors: { with: keepalived, vrrp: { priorities: [255] } }', '1:53', /1 to 254/],
  ['VRRP version', 'directors: { with: keepalived, vrrp: { version: 4 } }', '1:49', /2 or 3/],
  ['flag', 'directors: { with: keepalived, vrrp: { preempt: yes } }', '1:49', /true or false/],
  ['health check', 'directors: { with: keepalived, healthCheck: true }', '1:45', /false, or/],
  ['sysctl of the machine', 'sysctls: { clients: { kernel.panic: 1 } }', '1:23', /below net\./],
  ['sysctl value', 'sysctls: { clients: { net.core.x: [1] } }', '1:35', /a number or one line/],
  ['hook', 'hooks: { afterApply: [ 1 ] }', '1:24', /one shell command as text/],
  ['hooks as text', 'hooks: { afterApply: ls }', '1:22', /expected a list/],
  ['mtu', 'network: { mtu: 100 }', '1:17', /576 to 9000/],
];

test.each([...yaml, ...schema])('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
  expect(error.message.startsWith(`lab.yaml:${at}: `)).toBe(true);
  expect(error.exit).toBe(exitCode.labFile);
});

test('all mistakes at once, in the order of the file, up to five', () => {
  const lines = mistake(`services:
  - { port: -1 }
  - { port: 70000, prot: x }
realServers: -1
clients: []
directors: 99
colour: red`).message.split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'lab.yaml:2:13:',
    'lab.yaml:3:13:',
    'lab.yaml:3:20:',
    'lab.yaml:4:14:',
    'lab.yaml:5:10:',
    '…',
  ]);
  expect(lines.at(-1)).toBe('… and 2 more');
});

test('a mistake behind an alias is shown where its value is written', () => {
  expect(mistake('realServers:\n  - &slow { weight: -1 }\n  - *slow').message).toMatch(
    /^lab\.yaml:2:21: .*\nlab\.yaml:2:21: /,
  );
});

test('YAML nested without end is refused, not followed', () => {
  expect(mistake('['.repeat(50_000)).message).toMatch(/YAML/);
});

test('emoji, accents and CR LF do no harm', () => {
  const spec = parseLab('# déjà vu 🙂\r\nname: crlf\r\nrealServers: 3\r\n', 'x.yaml');
  expect(spec.name).toBe('crlf');
  expect(mistake('\ufeffname: x\r\nport: 1\r\n').place).toBe('lab.yaml:2:1');
});

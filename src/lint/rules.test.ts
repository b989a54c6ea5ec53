import { expect, test } from 'vitest';
import { directors } from '../../lab/directors/index.ts';
import { checks } from '../../suites/index.ts';
import { findLab, readLab, readyMadeLabs } from '../model/labfile/index.ts';
import { lint, rules } from './lint.ts';
import { hostOf, instance, server, service } from './testing/hosts.ts';

const one = server('198.51.100.1');
const two = server('198.51.100.2');
const sound = instance() + service(one, two);
const sync = (id: number): string => `global_defs {\nlvs_sync_daemon eth0 inst web id ${id}\n}\n`;

/** Of each finding a file that has the mistake and one that has not; the place is that of the mistake. */
const alone: [id: string, bad: string, at: string, good: string][] = [
  ['KA-01', service(one, 'nat_mask 255.255.255.0'), '11:1', service(one)],
  ['KA-02', `vrrp_script a {\nscript "/bin/true\n}\n`, '2:8', `vrrp_script a {\nscript "/bin/true"\n}\n`],
  ['KA-03', service('delay_loop 10s', one), '5:12', service('delay_loop 10', one)],
  ['KA-04', service('persistence_timeout 0', one), '5:21', service('persistence_timeout 1', one)],
  ['KA-04', service(one).replace('wrr', 'wrrr'), '3:9', service(one)],
  ['KA-04', service(one).replace('DR', 'dr'), '4:9', service(one).replace('TCP', 'tcp')],
  [
    'KA-04',
    'global_defs {\nvrrp_rx_bufs_policy\nrouter_id a\n}\nvrrp_instance a {\nstate SLAVE\n}\n',
    '6:7',
    'global_defs {\nvrrp_rx_bufs_policy 4000\n}\n',
  ],
  ['KA-05', 'include conf.d/*.conf\n', '1:9', ''],
  [
    'KA-10',
    `global_defs {\nvrrp_strict\n}\n${instance()}`,
    '2:1',
    `global_defs {\nvrrp_strict\nvrrp_version 3\n}\n${instance('accept')}`,
  ],
  ['KA-11', instance().replace('BACKUP', 'MASTER'), '6:1', instance()],
  [
    'KA-12',
    instance().replace('BACKUP', 'MASTER').replace('priority 150\nnopreempt\n', ''),
    '1:1',
    instance(),
  ],
  [
    'KA-13',
    instance() + instance().replace('web', 'mail').replace('.100', '.101'),
    '14:19',
    instance() + instance().replace('web', 'mail').replace('51', '52'),
  ],
  [
    'KA-14',
    `vrrp_script a {\nscript /bin/true\nweight -20\n}\n${instance('track_script {', 'a', '}')}`,
    '12:1',
    `vrrp_script a {\nscript /bin/true\n}\n${instance('track_script {', 'a', '}')}`,
  ],
  [
    'KA-15',
    instance('track_script {', 'a', '}'),
    '8:1',
    `vrrp_script a {\nscript /bin/true\n}\n${instance('track_script {', 'a', '}')}`,
  ],
  [
    'KA-15',
    `vrrp_sync_group g {\ngroup {\nmail\n}\n}\n${instance()}`,
    '3:1',
    `vrrp_sync_group g {\ngroup {\nweb\n}\n}\n${instance()}`,
  ],
  [
    'KA-16',
    `vrrp_sync_group g {\nweb\n}\n${instance()}`,
    '1:1',
    `vrrp_sync_group g {\ngroup {\nweb\n}\n}\n${instance()}`,
  ],
  [
    'KA-17',
    sync(1) + instance().replace('nopreempt\n', ''),
    '4:1',
    sync(1) + instance().replace('nopreempt', 'preempt_delay 60'),
  ],
  [
    'KA-18',
    instance('version 3', 'authentication {', 'auth_type PASS', 'auth_pass x', '}'),
    '8:1',
    instance('authentication {', 'auth_type PASS', 'auth_pass x', '}'),
  ],
  ['VIP-03', instance().replace('.100', '.100/24'), '8:1', instance().replace('.100', '.100/32')],
  ['KA-20', service(one).replace('protocol TCP\n', ''), '1:1', service(one)],
  ['KA-21', service(one).replace('lb_kind DR\n', ''), '1:1', service(one)],
  ['KA-22', service(one.replace('80', '8080')), '5:26', service(one)],
  [
    'KA-23',
    service('sorry_server 198.51.100.1 80', one, two),
    '5:14',
    service('sorry_server 198.51.100.9 80', one, two),
  ],
  ['KA-24', service('real_server 198.51.100.3 80 {', '}'), '5:1', service(one)],
  [
    'KA-25',
    service('persistence_granularity 255.255.255.0', one).replace('192.0.2.100 80', 'group g'),
    '5:1',
    service('persistence_granularity 255.255.255.0', one),
  ],
  [
    'KA-26',
    service('inhibit_on_failure', one).replace('wrr', 'sh'),
    '3:9',
    service('sh-fallback', 'inhibit_on_failure', one).replace('wrr', 'sh'),
  ],
  ['KA-27', service('ops', one), '5:1', service('ops', one).replace('TCP', 'UDP')],
  ['KA-27', service('sh-port', one), '5:1', service('sh-port', one).replace('wrr', 'sh')],
  ['KA-28', instance() + service(one).replace('.100 ', '.101 '), '11:1', sound],
  [
    'KA-29',
    service(one).replace('.100 80', '.100'),
    '1:1',
    service('persistence_timeout 60', one).replace('.100 80', '.100'),
  ],
  ['KA-30', service('quorum 5', one, two), '5:8', service('quorum 2', one, two)],
];

const keepalived = (text: string) => lint([hostOf('lb1', { keepalived: text })]);

test.each(alone)('%s is found at its place, and not without the mistake', (id, bad, at, good) => {
  const places = keepalived(bad)
    .filter(({ rule }) => rule.id === id)
    .map(({ place }) => `${place.line}:${place.column}`);
  expect(places).toEqual([at]);
  expect(
    keepalived(good)
      .map(({ rule, text }) => `${rule.id} ${text}`)
      .filter((one) => one.startsWith(id)),
  ).toEqual([]);
});

const backup = sound.replace('150', '100');
const pairs: [id: string, other: string, said: RegExp][] = [
  ['KA-40', backup.replace('51', '52'), /instance web on lb2 has virtual_router_id 52, the other 51/],
  ['KA-40', backup.replace('nopreempt', 'nopreempt\nadvert_int 2'), /has advert_int 2, the other 1/],
  [
    'KA-40',
    backup.replace('192.0.2.100\n}', '192.0.2.100\n192.0.2.101\n}'),
    /has the addresses 192.0.2.100 192.0.2.101/,
  ],
  ['KA-41', sound, /has priority 150 on both/],
  ['KA-42', backup.replace('wrr', 'rr'), /scheduler rr, the other director wrr/],
  ['KA-42', instance().replace('150', '100') + service(one), /does not have 198.51.100.2:80 weight 1 DR/],
  ['KA-42', instance().replace('150', '100'), /service 192.0.2.100:80 TCP of lb1 is not on lb2/],
  ['KA-43', sync(7) + backup, /one director synchronises connections, the other does not/],
  [
    'KA-44',
    backup.replace('nopreempt', 'nopreempt\nunicast_peer {\n192.0.2.11\n}'),
    /speaks unicast, the other does not/,
  ],
];

test.each(pairs)('%s is found between two directors', (id, other, said) => {
  const found = lint([hostOf('lb1', { keepalived: sound }), hostOf('lb2', { keepalived: other })]);
  expect(found.filter(({ rule }) => rule.id === id).map(({ text }) => text)).toEqual([
    expect.stringMatching(said),
  ]);
});

test('a pair that agrees is not talked of, and neither are two sites', () => {
  expect(lint([hostOf('lb1', { keepalived: sound }), hostOf('lb2', { keepalived: backup })])).toEqual([]);
  const elsewhere = sound.replace('web', 'mail').replaceAll('192.0.2.100', '192.0.2.200');
  expect(lint([hostOf('lb1', { keepalived: sound }), hostOf('lb3', { keepalived: elsewhere })])).toEqual([]);
});

test('of three directors those are compared that hold an address together', () => {
  const other = sound.replaceAll('192.0.2.100', '192.0.2.200').replace('51', '60');
  const hosts = [sound, backup, other].map((text, i) => hostOf(`lb${i + 1}`, { keepalived: text }));
  expect(lint(hosts)).toEqual([]);
});

test('a sync ID and a weight are compared', () => {
  const script = 'vrrp_script a {\nscript /bin/true\nweight -30\n}\n';
  const tracks = (text: string): string =>
    script + text.replace('nopreempt', 'preempt_delay 60\ntrack_script {\na\n}');
  const found = lint([
    hostOf('lb1', { keepalived: sync(1) + tracks(sound) }),
    hostOf('lb2', { keepalived: sync(2) + tracks(backup) }),
  ]);
  expect(found.map(({ rule, text }) => `${rule.id} ${text}`)).toEqual([
    'KA-45 a has weight -30, and web is 50 above the other director',
    'KA-43 the sync ID is 2 on lb2 and 1 on lb1',
  ]);
});

test('passwords are compared and never shown', () => {
  const with_ = (text: string, word: string): string =>
    text.replace('nopreempt', `nopreempt\nauthentication {\nauth_type PASS\nauth_pass ${word}\n}`);
  const found = lint([
    hostOf('lb1', { keepalived: with_(sound, 'sesame12') }),
    hostOf('lb2', { keepalived: with_(backup, 'sesame34') }),
  ]);
  expect(found.map(({ rule, text }) => `${rule.id} ${text}`)).toEqual([
    'KA-40 instance web on lb2 has another password',
  ]);
  expect(JSON.stringify(found.map(({ text }) => text))).not.toMatch(/sesame/);
  expect(
    lint([
      hostOf('lb1', { keepalived: with_(sound, 'sesame12') }),
      hostOf('lb2', { keepalived: with_(backup, 'sesame12-and-more') }),
    ]),
  ).toEqual([]);
});

const all = 'net.ipv4.conf.all';
const sysctls: [id: string, bad: string, good: string][] = [
  [
    'ARP-04',
    'net.ipv4.conf.lo.arp_ignore = 1\nnet.ipv4.conf.lo.arp_announce=2',
    `${all}.arp_ignore = 1\n${all}.arp_announce = 2`,
  ],
  ['ARP-04', 'net/ipv4/conf/dummy0/arp_ignore=1', 'net/ipv4/conf/eth0.20/arp_ignore=1'],
  [
    'SYS-01',
    `${all}.arp_ignore = 1\n${all}.arp_announce = 2\n${all}.arp_ignore = 0`,
    `${all}.arp_ignore = 1\n${all}.arp_announce = 2\n${all}.arp_ignore = 1`,
  ],
  ['SYS-02', `${all}.arp_ignore = 1`, `${all}.arp_ignore = 1\n${all}.arp_announce = 2`],
];

test.each(sysctls)('%s is found in sysctl.d, and not without the mistake', (id, bad, good) => {
  const ids = (text: string): string[] => lint([hostOf('rs1', { sysctls: text })]).map(({ rule }) => rule.id);
  expect(ids(bad)).toContain(id);
  expect(ids(good)).not.toContain(id);
});

test('each rule is shown to find something', () => {
  const shown = new Set([...alone, ...pairs, ...sysctls].map(([id]) => id).concat('KA-45', 'LINT-01'));
  expect(rules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test('a rule that bears the ID of a check bears its title, and checks that are named exist', () => {
  const titles = new Map(checks.map(({ id, title }) => [id, title]));
  expect(rules.filter(({ id, title }) => titles.has(id) && titles.get(id) !== title)).toEqual([]);
  expect(rules.flatMap((rule) => rule.checks ?? []).filter((id) => !titles.has(id))).toEqual([]);
});

/** The lab «ha» takes over again at once on purpose, and its tests say what that costs. */
const told = (name: string): string[] =>
  name === 'ha' ? ['d1', 'd2'].map((host) => `KA-17 ${host}.conf`) : [];

test.each(await readyMadeLabs())(
  'of what is written for the ready-made lab %s there is nothing to tell',
  async (name) => {
    const { spec } = await readLab(await findLab(name));
    const director = directors[spec.director.kind];
    const hosts = spec.hosts
      .filter(({ role }) => role === 'director')
      .flatMap((host) => {
        const conf = director.configs(spec, host).find((one) => one.name === 'keepalived.conf');
        return conf ? [hostOf(host.name, { keepalived: conf.text })] : [];
      });
    expect(lint(hosts).map(({ rule, place }) => `${rule.id} ${place.file}`)).toEqual(told(name));
  },
);

import { describe, expect, it } from 'vitest';
import { calledFor, saidBy } from '../../src/model/starters.ts';
import { isPrivate, masked } from './masked.ts';
import { interfaceKeys, lineSetting, placeIn } from './refusal.ts';
import { placesLast } from './remarks.ts';
import { passing, scriptOf, staying } from './steps.ts';

const files = (...paths: string[]) => {
  const start = calledFor(paths);
  return { from: '/shop/lb1', place: 'directors.hosts[0]', paths, start, says: saidBy(start) };
};

describe('steps', () => {
  it('end, or stay and come last', () => {
    const brought = files('/etc/keepalived/keepalived.conf', '/etc/sysctl.d/a.conf', '/etc/ipvsadm.rules');
    expect([passing(brought), staying(brought)]).toEqual([['sysctl', 'ipvsadm'], ['keepalived']]);
  });

  it('read the file that called for them', () => {
    const brought = files('/etc/ha.d/conf/ldirectord.cf');
    expect(scriptOf('ldirectord', brought)).toContain('ldirectord -d /etc/ha.d/conf/ldirectord.cf start');
  });

  it('are lines of shell otherwise', () => expect(scriptOf('vip up', files())).toBe('vip up'));
});

describe('a refusal has its place', () => {
  const brought = files('/etc/nftables.conf', '/etc/keepalived/keepalived.conf', '/etc/sysctl.d/9.conf');
  it.each([
    ['/etc/nftables.conf:12:3-8: Error: syntax error', undefined, '/shop/lb1/etc/nftables.conf:12'],
    [
      '(/etc/keepalived/keepalived.conf: Line 8) WARNING',
      undefined,
      '/shop/lb1/etc/keepalived/keepalived.conf:8',
    ],
    ['sysctl: /etc/sysctl.d/9.conf(5): invalid syntax', undefined, '/shop/lb1/etc/sysctl.d/9.conf:5'],
    [
      '(Line 4) Unknown keyword',
      '/etc/keepalived/keepalived.conf',
      '/shop/lb1/etc/keepalived/keepalived.conf:4',
    ],
    ['iptables-restore: line 5 failed', '/etc/nftables.conf', '/shop/lb1/etc/nftables.conf:5'],
    ['/usr/share/x:12: Error', undefined, undefined],
  ])('%s', (said, given, place) => expect(placeIn(said, brought, given)).toBe(place));

  it('where a key is set last', () => {
    const text = '# x\nnet.ipv4.ip_forward = 0\n-net/ipv4/ip_forward=abc\n';
    expect([lineSetting('net.ipv4.ip_forward', text), lineSetting('net.ipv4.tcp_sack', text)]).toEqual([
      3,
      undefined,
    ]);
  });
});

it('what is said of a line of a file comes last, whichever process says it first', () =>
  expect(placesLast('a\n(/etc/keepalived/keepalived.conf: Line 22) WARNING\nb\nc')).toBe(
    'a\nb\nc\n(/etc/keepalived/keepalived.conf: Line 22) WARNING',
  ));

it('keys of interfaces are known by their names', () =>
  expect(
    interfaceKeys(
      'net.ipv4.conf.all.rp_filter=0\n-net.ipv4.conf.bond0/20.rp_filter = 0\n# net.ipv4.conf.x.y\nnet/ipv4/conf/eth0.5/arp_ignore=1\nnet.ipv4.conf.*.rp_filter=1\n',
    ).map(({ device, line }) => `${device} ${line}`),
  ).toEqual(['bond0.20 2', 'eth0.5 4']));

describe('secrets', () => {
  it.each([
    ['/etc/keepalived/keepalived.conf', '\tauth_pass\ts3cret # x\n', '\tauth_pass\t********\n'],
    ['/etc/keepalived/conf.d/a.conf', '  password "a b"\n', '  password ********\n'],
    ['/etc/ha.d/authkeys', 'auth 1\n1 sha1 key\n', 'auth 1\n1 sha1 ********\n'],
    ['/etc/ha.d/ldirectord.cf', '  passwd = "x"\n', '  passwd = ********\n'],
    ['/etc/nftables.conf', 'password x\n', 'password x\n'],
  ])('are hidden in %s', (path, text, shown) => expect(masked(path, text)).toBe(shown));

  it('are whole files of keys', () =>
    expect(isPrivate('/etc/ssl/a.pem', '-----BEGIN EC PRIVATE KEY-----\n')).toBe(true));
});

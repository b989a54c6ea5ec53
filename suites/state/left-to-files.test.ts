import { expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { type HostSpec, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { saidBy } from '../../src/model/starters.ts';
import { differences, fact } from './compare.ts';
import { meantOf } from './meant.ts';

const spec: LabSpec = parseLab('name: one\ndirectors: { with: keepalived }\nrealServers: 2', 'one.yaml');

const started = (name: string, ...start: string[]): HostSpec => ({
  ...hostSpec(spec, name),
  files: { from: '/x', place: 'x', paths: [], start, says: saidBy(start) },
});

/** What is found beside what is meant, and what of that counts. */
const odd = (host: HostSpec, kind: Parameters<typeof fact>[0], key: string, value = '') => {
  const meant = meantOf(spec, host, []);
  const sound = meant.facts.filter(
    ({ optional, ...one }) => !optional && `${one.kind} ${one.key}` !== `${kind} ${key}`,
  );
  return differences(meant, [...sound, fact(kind, key, value)]).map(
    ({ kind: of, key: what }) => `${of} ${what}`,
  );
};

const ignore = 'net.ipv4.conf.all.arp_ignore';
const weight = `-t 198.18.0.100:80 -r ${hostSpec(spec, 'rs1').ip}:80`;

it('is what files say, and not what the lab file means', () => {
  const lb = started('d1', 'keepalived');
  expect(odd(started('rs1', 'sysctl'), 'sysctl', ignore, '0')).toEqual([]);
  expect(odd(hostSpec(spec, 'rs1'), 'sysctl', ignore, '0')).toEqual([`sysctl ${ignore}`]);
  expect(odd(lb, 'address', '198.18.0.100/24 dev eth0')).toEqual([]);
  expect(odd(lb, 'sync', 'master', '--mcast-interface eth0 --syncid 1')).toEqual([]);
  expect(odd(lb, 'destination', weight, '-g -w 10')).toEqual([`destination ${weight}`]);
  expect(odd(started('rs1', 'sysctl'), 'filter', 'iptables-legacy -t filter -A INPUT -j DROP')).toHaveLength(
    1,
  );
  expect(odd(started('rs1', 'iptables'), 'filter', 'iptables-legacy -t filter -A INPUT -j DROP')).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { driverKinds } from '../src/model/kinds.ts';
import { parseLab } from '../src/model/labfile/index.ts';
import { asset } from '../src/util/root.ts';
import { driverOf, drivers } from './drivers.ts';

const names = driverKinds.join('|');
/** Compared with a name, in whatever order, looked for in a list of names, or switched over. */
const comparisons = new RegExp(
  [
    `[!=]==? *['"\`](?:${names})['"\`]`,
    `['"\`](?:${names})['"\`] *[!=]==?`,
    `\\bcase ['"\`](?:${names})['"\`]`,
    `\\[[^\\]\\n]*['"\`](?:${names})['"\`][^\\]\\n]*\\]\\.includes\\(`,
    '\\bswitch \\([^)\\n]*\\bdriver\\??\\.kind\\b',
  ].join('|'),
  'g',
);
const comparisonsIn = (text: string): string[] => text.match(comparisons) ?? [];

describe('a driver is asked for a trait, and never which one it is', () => {
  const own = new RegExp(`^lab/(?:${names})/`);
  const sources = ['src', 'lab', 'suites']
    .flatMap((room) => readdirSync(asset(room), { recursive: true }).map((path) => `${room}/${path}`))
    .filter((path) => path.endsWith('.ts') && !own.test(path) && !/\.test\.ts$|\/testing\//.test(path));

  it('holds everywhere outside the rooms of the drivers', () => {
    expect(sources.length).toBeGreaterThan(500);
    const found = sources.flatMap((path) =>
      comparisonsIn(readFileSync(asset(path), 'utf8')).map((text) => `${path}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test.each([
    "if (spec.driver.kind === 'ssh') return;",
    "if (lab.spec.driver.kind !== 'netns')",
    "dockerd: driver === 'docker',",
    "if ('docker' === kind)",
    "if (['netns', 'docker'].includes(spec.driver.kind))",
    "    case 'netns':",
    'switch (spec.driver.kind) {',
  ])('finds %s', (planted) => {
    expect(comparisonsIn(planted)).toHaveLength(1);
  });

  it.each(["return { kind: 'docker', ...others };", "['ip', 'netns', 'exec']", "import './netns/driver.ts'"])(
    'and not %s',
    (allowed) => {
      expect(comparisonsIn(allowed)).toEqual([]);
    },
  );
});

describe('the drivers', () => {
  const lab = (text: string) => parseLab(`name: one\n${text}`, 'one.yaml');
  const machines = lab(
    [
      'driver: { ssh: {} }',
      'directors: { hosts: [{ ip: 10.0.0.1, machine: { address: a } }] }',
      'realServers: [{ ip: 10.0.0.2, machine: { address: b } }]',
      'clients: [{ ip: 10.0.0.3, machine: { address: c } }]',
      'network: { subnet: 10.0.0.0/24 }',
      'services: [{ vip: 10.0.0.9 }]',
    ].join('\n'),
  );
  const docker = (keys: string) => lab(`driver: { docker: { ${keys} } }`);

  it('say what carries frames from host to host', () => {
    const network = (spec: ReturnType<typeof lab>) => driverOf(spec).network(spec.driver);
    expect(network(lab(''))).toBe('veth, offloads on');
    expect(network(docker('network: bridge'))).toBe('veth, offloads on');
    expect(network(docker('endpoint: own'))).toBe('macvlan, offloads on');
    expect(network(docker('endpoint: unix:///d.sock, parent: eth1'))).toBe('macvlan on eth1, offloads on');
    expect(network(machines)).toBe('the NICs of the machines');
  });

  it('say what they need of a sandbox', () => {
    const needs = (spec: ReturnType<typeof lab>) => driverOf(spec).needs(spec);
    expect(needs(lab('directors: { with: nftables }'))).toEqual({
      dockerd: false,
      programs: [{ name: 'nft', package: 'nftables' }],
      elsewhere: false,
    });
    expect(needs(docker('endpoint: own'))).toEqual({ dockerd: true, elsewhere: false });
    expect(needs(docker('endpoint: unix:///d.sock'))).toEqual({ dockerd: false, elsewhere: true });
    expect(needs(machines)).toEqual({ dockerd: false, elsewhere: true });
  });

  it('have a way to put right what they leave outside of a sandbox, and none where nothing can be left', () => {
    const sweeping = driverKinds.filter((kind) => drivers[kind].sweep);
    expect(sweeping).toEqual(['docker', 'ssh']);
  });
});

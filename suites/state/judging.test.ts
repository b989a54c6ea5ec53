import { expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import type { CheckResult } from '../../src/model/record.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import type { Fact } from '../../src/probe/state/index.ts';
import { aResult } from '../../src/report/testing/result.ts';
import { explained } from '../../src/run/because.ts';
import { fact } from './compare.ts';
import { asWritten, stillAsWritten } from './index.ts';
import { changesSince, differencesIn, judged } from './judging.ts';
import type { State } from './look.ts';
import { meantOf } from './meant.ts';
import { described } from './words.ts';

const spec = parseLab('name: one\ndirectors: 1\nrealServers: 2', 'one.yaml');

/** The lab as it is meant, and more on rs1. */
const state = (...more: Fact[]): State => ({
  hosts: spec.hosts.map((host) => ({
    host: host.name,
    facts: [
      ...meantOf(spec, host, [])
        .facts.filter(({ optional }) => !optional)
        .map(({ kind, key, value }) => ({ kind, key, value })),
      ...(host.name === 'rs1' ? more : []),
    ],
    unusual: [],
    sysctls: 10,
    written: [],
  })),
});
const address = fact('address', '203.0.113.9/32 dev eth0');
const route = fact('route', '203.0.113.0/24 dev eth0');
const said = (of: LabSpec, seen: State) => judged(of, 'all', seen, differencesIn(of, seen));

it('passes where nothing differs, and counts what it looked at', () =>
  expect(said(spec, state())).toMatchObject({
    verdict: 'pass',
    seen: '4 hosts looked at, 40 sysctls: no difference',
  }));

it('names the hosts that differ as a lead to what else is found, and none where nothing does', () => {
  expect(asWritten.judge(state(address), { spec }).refutes).toEqual([
    { precondition: 'asWritten', hosts: ['rs1'] },
  ]);
  expect(asWritten.judge(state(), { spec }).refutes).toBeUndefined();
});

it('is told once where both looks show it', () => {
  const cause = 'differs from the lab file: rs1 has the address 203.0.113.9/32';
  const both = ['STA-01', 'STA-02'].map((id) => aResult(id, { verdict: 'warn', suite: 'state', cause }));
  const first = { ...both[0], refutes: [{ precondition: 'asWritten' as const, hosts: ['rs1'] }] };
  const results = explained(
    [asWritten, stillAsWritten],
    [first as CheckResult, both[1] as CheckResult],
    spec,
  );
  expect(results.map(({ because }) => because)).toEqual([undefined, { check: 'STA-01', hosts: ['rs1'] }]);
});

it('does not blame a hook where the lab has none', () => {
  const hooked = { ...spec, hooks: { ...spec.hooks, afterApply: ['ip netns exec rs1 true'] } };
  expect(said(spec, state(address)).cause).toBe(
    'differs from the lab file: rs1 has the address 203.0.113.9/32 dev eth0, which it should not have; another program did it',
  );
  expect(said(hooked, state(address)).cause).toMatch(/; a hook of the lab or another program did it$/);
});

it('tells of the files that a host was started on, and that a command does not last', () => {
  const files = { from: '/x', place: 'realServers[0]', paths: [], start: ['sysctl'], says: [] };
  const brought = {
    ...spec,
    hosts: spec.hosts.map((host) => (host.name === 'rs1' ? { ...host, files } : host)),
  };
  const told = said(brought, state(address));
  expect(told.cause).toMatch(/; rs1 was started on files that say so, or another program did it$/);
  expect(told.remedy?.at(-1)).toEqual({ advice: 'what is to last belongs into the files of rs1' });
});

it('tells how to undo each difference, on its host', () =>
  expect(said(spec, state(address, route)).remedy).toEqual([
    { on: 'rs1', run: 'ip addr del 203.0.113.9/32 dev eth0' },
    { on: 'rs1', run: 'ip route del 203.0.113.0/24 dev eth0' },
  ]));

it('tells of a daemon first, since what it would have set is missing with it', () => {
  const missing = { host: 'd1', against: 'file' } as const;
  const found = [
    ...Array.from({ length: 9 }, (_, i) => ({
      ...missing,
      kind: 'destination' as const,
      key: `-t 198.18.0.100:80 -r 198.18.1.${i}:80`,
      meant: '-g -w 1',
    })),
    { ...missing, kind: 'daemon' as const, key: 'keepalived', meant: 'running' },
  ];
  expect(judged(spec, 'all', state(), found).seen).toMatch(/^keepalived does not run on d1; .*and 2 more$/);
});

it('tells after the run only what is new', () => {
  const found = changesSince(spec, state(address), state(address, route));
  expect(found.map((one) => described(spec, one))).toEqual([
    'rs1 has the route 203.0.113.0/24 dev eth0, which it should not have',
  ]);
  const known = stillAsWritten.judge({ before: state(address), after: state(address) }, { spec });
  expect(known).toMatchObject({
    verdict: 'pass',
    seen: '4 hosts looked at, 40 sysctls: no difference, apart from what STA-01 shows',
  });
});

it('counts what it does not tell in words', () => {
  const many = Array.from({ length: 11 }, (_, i) => fact('address', `203.0.113.${i}/32 dev eth0`));
  expect(said(spec, state(...many)).seen).toMatch(/203\.0\.113\.7\/32 .*; and 3 more$/);
});

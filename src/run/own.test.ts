import { describe, expect, it } from 'vitest';
import { checks } from '../../suites/index.ts';
import { parseLab } from '../model/labfile/index.ts';
import { vantagesOf } from '../model/vantage.ts';
import { runCases, unbroken } from './cases.ts';
import { brokenSpec } from './mutants.ts';
import { judgedFor, judgedIn } from './own.ts';
import { selectChecks } from './select.ts';

const named = (id: string) => {
  const found = checks.find((check) => check.id === id);
  if (!found) throw new Error(`no check ${id}`);
  return found;
};
const pair = parseLab('directors: { count: 2, with: keepalived }\nrealServers: 3', 'pair.yaml');
const hashed = parseLab('services: [{ scheduler: sh }]', 'hashed.yaml');

describe('a staged check', () => {
  it('is judged in the lab as written where that has its subject, and else in its stage', () => {
    expect(judgedFor(hashed, named('SCH-09'))).toMatchObject({ insteadOf: { id: 'schedulers' } });
    expect(judgedFor(hashed, named('SCH-09'))).not.toHaveProperty('stage');
    expect(judgedFor(pair, named('SCH-09'))).toBe(named('SCH-09'));
  });

  it('stays one in a lab that is its stage', () => {
    const [first] = unbroken('run', pair, [named('SCH-09')]);
    expect(first && judgedIn(first.spec, named('SCH-09'))).toHaveProperty('stage.id', 'schedulers');
  });

  it('is the same in a broken copy that no longer has the subject', () => {
    const check = judgedFor(pair, named('HA-03'));
    const mutant = check.mutants.find(({ id }) => id === 'nopreempt');
    const broken = mutant && brokenSpec(pair, check, mutant);
    expect(broken && named('HA-03').own?.has(broken)).toBe(false);
    expect(broken && judgedIn(broken, named('HA-03'))).not.toHaveProperty('stage');
  });

  it('of a client behind a router looks from those that the lab has', () => {
    const routed = parseLab('clients: [{ name: near }, { name: far, via: router }]', 'routed.yaml');
    const check = judgedFor(routed, named('PP-05@routed'));
    expect(check).not.toHaveProperty('stage');
    const looks = vantagesOf(routed, check.vantages);
    expect(looks.map(({ from }) => from)).toEqual([expect.stringMatching(/^far, behind /)]);
    expect(looks[0].spec.hosts[0]?.name).toBe('far');
    expect(judgedFor(pair, named('PP-05@routed'))).toHaveProperty('stage.id', 'routed');
  });

  it('goes by the settings of the lab: one of two twins is judged there', () => {
    const written = (mode: number) =>
      parseLab(
        `directors: { with: ipvsadm }\nsysctls: { directors: { net.ipv4.vs.conn_reuse_mode: "${mode}" } }`,
        'reuse.yaml',
      );
    const own = (mode: number) =>
      ['CT-05', 'CT-05@forgetting'].filter((id) => !judgedFor(written(mode), named(id)).stage);
    expect([own(1), own(3)]).toEqual([['CT-05'], ['CT-05@forgetting']]);
  });

  it('needs no lab where none of its kind is about a lab like this', () => {
    const announcing = parseLab(
      'directors: { count: 2, with: keepalived, announce: bgp }\nclients: [{ via: router }]',
      'any.yaml',
    );
    const cases = runCases(announcing, [named('ANY-01'), named('HA-01'), named('HC-01')]);
    expect(cases.map(({ checks: ids, impossible }) => [ids, impossible])).toEqual([
      [['ANY-01'], undefined],
      [['HA-01', 'HC-01'], 'it is about one director that answers for a VIP, and here all announce them'],
    ]);
  });

  it('that breaks a lab is asked for by name, or by another profile', () => {
    const all = checks.map((check) => judgedFor(pair, check));
    const ids = (names: string[], profile: 'lab' | 'conformance') =>
      selectChecks(all, names, profile).map(({ id }) => id);
    expect(ids([], 'lab')).not.toContain('HA-03');
    for (const chosen of [ids(['failover'], 'lab'), ids([], 'conformance')])
      expect(chosen).toContain('HA-03');
  });
});

it('machines that exist are not broken in place of a stage', () => {
  const machines = { ...pair, driver: { kind: 'ssh' as const, readOnly: false, knownHosts: 'x' } };
  expect(judgedFor(machines, named('HA-03'))).toBe(named('HA-03'));
});

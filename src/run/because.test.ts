import { describe, expect, it } from 'vitest';
import { type Check, check } from '../model/check.ts';
import { parseLab } from '../model/labfile/index.ts';
import type { CheckResult } from '../model/record.ts';
import { vantagesOf } from '../model/vantage.ts';
import { aResult } from '../report/testing/result.ts';
import { explained, notJudged, refutedIn, rootsFirst, unjudged } from './because.ts';

const spec = parseLab(
  `directors: { count: 2, with: keepalived }
realServers: { count: 3 }
services:
  - { vip: 198.18.0.100, port: 80, scheduler: rr }
  - { vip: 198.18.0.100, port: 8080, scheduler: wrr }`,
  'lab.yaml',
);
const aCheck = (id: string, over: Partial<Check> = {}): Check => ({
  ...check({
    id,
    suite: 'path',
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    mutants: [],
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  }),
  ...over,
});
const stage = { id: 'routed', title: 'routed', change: () => spec };
const answers = aCheck('PP-16', {
  establishes: ['serviceAnswers', 'allServersAnswer'],
  presumes: ['vipAtDirector'],
});
const failed = (over: Partial<CheckResult> = {}): CheckResult =>
  aResult('PP-16', {
    verdict: 'fail',
    cause: 'rs2 does not have the VIP',
    refutes: [{ precondition: 'allServersAnswer', hosts: ['rs2'], of: 'tcp 198.18.0.100:80' }],
    ...over,
  });
const refuted = refutedIn([failed()]);
const weighted = { services: { protocol: 'tcp', scheduler: 'wrr' } } as const;
const cycle = aCheck('SCH-01', { suite: 'scheduler' });

describe('what presumes a refuted precondition', () => {
  it('is not judged, and names the check and the hosts', () => {
    expect(notJudged(cycle, refuted, spec)).toMatchObject({
      verdict: 'inconclusive',
      because: { check: 'PP-16', hosts: ['rs2'] },
      reason:
        'not judged because of PP-16: rs2; it presumes that every real server of the service answers through the VIP',
    });
  });
  it.each([
    ['presumes nothing of it', aCheck('ARP-06', { suite: 'arp' })],
    ['asks another service', { ...cycle, vantages: weighted }],
    ['is judged in a lab derived from this one', { ...cycle, stage }],
    ['is the one that refuted it', { ...answers, presumes: ['allServersAnswer'] as const }],
  ])('is judged where it %s', (_, other) => {
    expect(notJudged(other, refuted, spec)).toBeUndefined();
  });
  it('is not judged for any service of a VIP that a server does not have', () => {
    const all = refutedIn([
      failed({ refutes: [{ precondition: 'allServersAnswer', hosts: ['rs2'], of: '198.18.0.100' }] }),
    ]);
    expect(notJudged({ ...cycle, vantages: weighted }, all, spec)?.because).toEqual({
      check: 'PP-16',
      hosts: ['rs2'],
    });
  });
  it('is judged as those clients see the lab for whom it holds', () => {
    const two = parseLab('clients: [{ name: near }, { name: far, via: router }]', 'two.yaml');
    const far = refutedIn([
      failed({ refutes: [{ precondition: 'allServersAnswer', hosts: ['rs2'], from: ['far'] }] }),
    ]);
    const everywhere = { ...cycle, vantages: { clients: true } as const };
    expect(notJudged(everywhere, far, two)).toBeUndefined();
    const said = vantagesOf(two, everywhere.vantages).map(
      ({ spec }) => unjudged(everywhere, far, spec)?.because,
    );
    expect(said).toEqual([undefined, { check: 'PP-16', hosts: ['rs2'] }]);
  });
  it('is judged where the check that establishes it passed, or was judged in another lab', () => {
    expect(refutedIn([failed({ verdict: 'pass' }), failed({ stage })])).toEqual([]);
  });
});

describe('where a router sends what is for the VIP to a real server', () => {
  const two = parseLab('clients: [{ name: near }, { name: far, via: router }]', 'two.yaml');
  const everywhere = { vantages: { clients: true } } as const;
  const entry = aCheck('ARP-02', { establishes: ['framesToDirector'], ...everywhere });
  const asks: Partial<Check> = { presumes: ['framesToDirector', 'allServersAnswer'], ...everywhere };
  const pinned = aResult('ARP-02', {
    verdict: 'fail',
    cause: 'router has a permanent neighbour entry for 198.18.0.100 with the MAC of rs1',
    refutes: [{ precondition: 'framesToDirector', hosts: ['router'], of: '198.18.0.100', from: ['far'] }],
  });
  const of = (check: Check, cause: string) =>
    explained([entry, check], [pinned, aResult(check.id, { verdict: 'fail', cause })], two)[1]?.because;

  it('a check is judged for the other client alone, and what the router explains is told once', () => {
    const cycle = aCheck('SCH-01', asks);
    const said = vantagesOf(two, cycle.vantages).map(
      ({ spec }) => unjudged(cycle, refutedIn([pinned]), spec)?.reason,
    );
    expect(said[0]).toBeUndefined();
    expect(said[1]).toMatch(/^not judged because of ARP-02: router; .* goes to the director$/);
    expect(of(cycle, 'router has a permanent neighbour entry for 198.18.0.100')).toEqual({
      check: 'ARP-02',
      hosts: ['router'],
    });
  });

  it('a second fault stands by itself: in the same check, in another one, and in what is not judged because of it', () => {
    expect(of(aCheck('PP-16', asks), 'rs2 does not have the VIP')).toBeUndefined();
    expect(of(aCheck('VIP-01', { follows: ['allServersAnswer'] }), 'not local on rs2')).toBeUndefined();
    const both = refutedIn([pinned, failed()]);
    const cycle = aCheck('SCH-01', asks);
    const because = vantagesOf(two, cycle.vantages).map(
      ({ spec }) => unjudged(cycle, both, spec)?.because.check,
    );
    expect(because).toEqual(['PP-16', 'ARP-02']);
  });
});

describe('a finding', () => {
  const local = aCheck('VIP-01', { follows: ['allServersAnswer'] });
  const mss = aCheck('PP-24');
  const said = (id: string, cause: string) => aResult(id, { verdict: 'fail', cause });
  const becauseOf = (checks: Check[], ...results: CheckResult[]) =>
    explained(checks, [failed(), ...results], spec).map(({ id, because }) => [id, because?.check]);

  it('follows from another one at the same host', () => {
    expect(becauseOf([local], said('VIP-01', 'the VIP is no local address of rs2'))).toEqual([
      ['PP-16', undefined],
      ['VIP-01', 'PP-16'],
    ]);
  });
  it('stands by itself at another host, at one more, or where it has nothing to do with it', () => {
    const of = (text: string) => becauseOf([local], said('VIP-01', text))[1];
    expect(of('the VIP is no local address of rs3')).toEqual(['VIP-01', undefined]);
    expect(of('the VIP is no local address of rs2 and rs3')).toEqual(['VIP-01', undefined]);
    expect(becauseOf([mss], said('PP-24', 'a rule on d1 clamps the MSS'))[1]).toEqual(['PP-24', undefined]);
    expect(becauseOf([mss], said('PP-24', 'rs2 clamps the MSS'))[1]).toEqual(['PP-24', undefined]);
  });
  it('is about the hosts of its cause, not about whoever saw it', () => {
    const routed = parseLab('clients: [{ name: near }, { name: far, via: router }]', 'routed.yaml');
    const seenFrom = (text: string) =>
      aResult('VIP-01', {
        ...{ verdict: 'fail', cause: `from far, behind router: ${text}` },
        vantages: ['near', 'far, behind router'].map((from) => ({ from, verdict: 'fail' as const })),
      });
    const of = (text: string) => explained([local], [failed(), seenFrom(text)], routed)[1]?.because?.check;
    expect(of('rs2 has no route back')).toBe('PP-16');
    expect(of('router has no route to rs2')).toBeUndefined();
  });
  it('at other hosts beside follows from what takes the whole service away, or the VIP', () => {
    const dead = failed({ refutes: [{ precondition: 'serviceAnswers', hosts: ['d1'] }] });
    const losing = aCheck('PP-26', { follows: ['serviceAnswers'] });
    const of = (cause: string) => explained([losing], [dead, said('PP-26', cause)], spec)[1]?.because?.check;
    expect(of('d1 forwards to rs1 by TUN; d1 forwards to rs2 by TUN')).toBe('PP-16');
    expect(of('rs3 loses packets')).toBeUndefined();
  });
  it('is no bug of drlab where it broke on two holders of the VIP', () => {
    const split = aResult('ARP-12', {
      ...{ verdict: 'fail', refutes: [{ precondition: 'vipAtDirector', hosts: ['d1', 'd2'] }] },
    });
    const broke = aResult('PP-24', {
      verdict: 'broken',
      reason: 'd1 and d2 have the VIP; exactly one should',
    });
    const bug = aResult('PP-24', { verdict: 'broken', reason: 'no tcpdump on c1' });
    expect(explained([mss], [split, broke, bug], spec).map(({ because }) => because?.check)).toEqual([
      undefined,
      'ARP-12',
      undefined,
    ]);
  });
  it('is the root of another one that refutes the same, and not the other way round as well', () => {
    const both = ['ARP-01', 'ARP-11'].map((id) =>
      aCheck(id, { establishes: ['vipAtDirector'], follows: ['vipAtDirector'] }),
    );
    const results = both.map(({ id }) =>
      aResult(id, {
        ...{ verdict: 'fail', cause: 'rs2 answers' },
        refutes: [{ precondition: 'vipAtDirector', hosts: ['rs2'] }],
      }),
    );
    expect(explained(both, results, spec).map(({ because }) => because?.check)).toEqual([
      undefined,
      'ARP-01',
    ]);
  });
  it('that could not be judged follows from what nobody answers', () => {
    const dead = failed({
      refutes: [{ precondition: 'serviceAnswers', hosts: ['d1'] }],
    });
    const entry = aCheck('ARP-02', { follows: ['serviceAnswers'] });
    const open = aResult('ARP-02', { verdict: 'inconclusive', reason: 'c1: no request was answered' });
    expect(explained([entry], [dead, open], spec)[1]?.because).toEqual({ check: 'PP-16', hosts: ['d1'] });
  });
});

it('what others presume is judged first, in the order of the preconditions; what follows from it after it', () => {
  const checks = [
    aCheck('ARP-01', { establishes: ['vipAtDirector'], follows: ['vipAtDirector'] }),
    aCheck('ARP-02'),
    aCheck('ARP-12', { establishes: ['vipAtDirector'] }),
    aCheck('ARP-12@x', { establishes: ['vipAtDirector'], stage }),
    answers,
  ];
  expect(rootsFirst(checks).map(({ id }) => id)).toEqual(['ARP-12', 'ARP-01', 'PP-16', 'ARP-02', 'ARP-12@x']);
});

it('what is found of one family explains nothing of the other', () => {
  const dual = parseLab(
    `network: { subnet6: "2001:db8::/64" }
directors: { count: 2, with: keepalived }
services: [{ vips: [198.18.0.100, "2001:db8::100"] }]`,
    'lab.yaml',
  );
  const both = aCheck('PP-16', {
    families: [4, 6],
    presumes: ['vipAtDirector'],
    vantages: { services: { protocol: 'tcp' } },
  });
  const found = refutedIn([
    failed({ id: 'ARP-01', families: [4], refutes: [{ precondition: 'vipAtDirector', hosts: ['rs2'] }] }),
  ]);
  const views = vantagesOf(dual, both.vantages);
  expect(views.map((one) => unjudged(both, found, one.spec)?.because.check)).toEqual(['ARP-01', undefined]);
});

import { describe, expect, it } from 'vitest';
import type { Bounds, InvariantId, Observation } from '../../model/exploration.ts';
import type { FaultSpec } from '../../model/fault.ts';
import { judgeSchedule } from './invariants.ts';
import { bounds, failing, healthy, names, pair, settlingMs } from './testing/observations.ts';

const { d1, d2, vip } = names;
const term: FaultSpec = { kind: 'daemon', host: d1, signal: 'TERM' };
const cut: FaultSpec = { kind: 'portDown', host: d1 };
const dead: FaultSpec = { kind: 'serviceDead', host: 'rs1' };

function judged(invariant: InvariantId, observation: Observation, own: Partial<Bounds> = {}) {
  const all = judgeSchedule(observation, { spec: pair, bounds: { ...bounds, ...own }, settlingMs });
  const { verdict, seen } = all.find((one) => one.invariant === invariant) ?? {};
  return [verdict, seen];
}

it.each([[[]], [[term]], [[cut, { ...dead, host: 'rs3' }]]] as [FaultSpec[]][])(
  'all hold in a lab that is healthy under %j',
  (faults) => {
    const observation = healthy(...faults);
    // Who is dead does not answer.
    observation.fresh = observation.fresh.map((point) =>
      faults.length > 1 && point.server === 'rs3' ? { ...point, server: 'rs2' } : point,
    );
    const findings = judgeSchedule(observation, { spec: pair, bounds, settlingMs });
    expect(findings.map(({ verdict }) => verdict)).toEqual(Array(6).fill('holds'));
  },
);

describe('one owner', () => {
  const owned = (observation: Observation, atMs: number, owners: string[]) => {
    for (const look of observation.looks) if (look.fromMs === atMs) look.holders[vip] = owners;
    return observation;
  };

  it('fails where two have the VIP, or nobody, while nothing is wrong', () => {
    expect(judged('one owner', owned(healthy(term), 2_000, [d1, d2]))).toEqual([
      'fails',
      `at 2.00 s ${d1}, ${d2} have ${vip}`,
    ]);
    expect(judged('one owner', owned(healthy(term), 11_600, []))[0]).toBe('fails');
  });

  it('forgives it during a fault of a director and while settling, not during one of a real server', () => {
    expect(judged('one owner', owned(healthy(cut), 6_000, [d1, d2]))[0]).toBe('holds');
    expect(judged('one owner', owned(healthy(cut), 8_000, []))[0]).toBe('holds');
    expect(judged('one owner', owned(healthy(dead), 6_000, [d1, d2]))[0]).toBe('fails');
  });

  it('is not judged where nothing was observed after settling', () => {
    const observation = healthy(term);
    observation.looks = observation.looks.filter(({ fromMs }) => fromMs < 9_000);
    expect(judged('one owner', observation)).toEqual(['inconclusive', 'nothing was observed after settling']);
  });

  it('is not judged where nobody looked for a VIP', () => {
    const observation = healthy(term);
    for (const look of observation.looks) look.holders = {};
    expect(judged('one owner', observation)).toEqual(['inconclusive', 'no VIP was observed']);
  });
});

describe('right answers', () => {
  it('fails where a dead real server answers', () => {
    const [verdict, seen] = judged('right answers', healthy(dead));
    expect([verdict, seen]).toEqual(['fails', expect.stringMatching(/^rs1 answered at 5\.\d\d s, while/)]);
  });

  it('fails where one answers that the directors have taken out', () => {
    const observation = healthy();
    for (const look of observation.looks) look.tables = { [d1]: ['rs1', 'rs3'], [d2]: ['rs1', 'rs3'] };
    expect(judged('right answers', observation)).toEqual([
      'fails',
      expect.stringMatching(/^rs2 answered a new connection at .*, after it was removed$/),
    ]);
  });

  it('forgives wrong answers only until they must be detected', () => {
    const fault: FaultSpec = { kind: 'errorAnswers', host: 'rs1', status: 500, requesters: 'everyone' };
    const wrong = (atMs: number) => {
      const observation = healthy(fault);
      return { ...observation, fresh: failing(observation.fresh, atMs, atMs, 'wrong-answer') };
    };
    expect(judged('right answers', wrong(6_000))[0]).toBe('holds');
    expect(judged('right answers', wrong(10_000))[0]).toBe('fails');
  });
});

describe('right answers and connections that survive', () => {
  it.each([
    ['right answers', { fresh: [] }, 'the load did not run'],
    ['right answers', { unfit: 'the prober was late' }, 'the prober was late'],
    [
      'right answers',
      { fresh: failing(healthy().fresh, 0, 12_000, 'timeout') },
      'no new connection was answered',
    ],
    ['connections survive', { held: [] }, 'the load did not run'],
    ['connections survive', { unfit: 'the prober was late' }, 'the prober was late'],
  ] as [InvariantId, Partial<Observation>, string][])('%s are not judged with %o', (invariant, over, why) => {
    expect(judged(invariant, { ...healthy(term), ...over })).toEqual(['inconclusive', why]);
  });
});

describe('healed in time', () => {
  const out = (fault: FaultSpec, fromMs: number, toMs: number, unfit?: string) => {
    const observation = healthy(fault);
    const fresh = failing(observation.fresh, fromMs, toMs, 'timeout');
    return judged('healed in time', { ...observation, fresh, ...(unfit !== undefined && { unfit }) });
  };

  it('allows the formula of the fault and the slack, and no more', () => {
    expect(out(cut, 5_000, 6_000)[0]).toBe('holds');
    expect(out(cut, 5_000, 6_200)).toEqual([
      'fails',
      expect.stringMatching(/^2 new connections .* first at 6\.10 s .*switch port of d1 is down.*6\.07 s$/),
    ]);
    // From one that leaves in order the other takes over sooner.
    expect(out(term, 5_000, 5_900)[0]).toBe('fails');
    expect(out(dead, 5_000, 7_700)[0]).toBe('holds');
  });

  it('allows a director that comes back to announce itself and to see the real servers again', () => {
    expect(out(cut, 7_000, 10_200)[0]).toBe('holds');
    expect(out(cut, 7_000, 10_400)[0]).toBe('fails');
  });

  it('is not judged without a healthy load', () => {
    expect(judged('healed in time', { ...healthy(cut), fresh: [] })[0]).toBe('inconclusive');
    expect(out(cut, 1_000, 1_000)[0]).toBe('inconclusive');
    expect(out(cut, 5_000, 9_900, 'the prober was late')).toEqual(['inconclusive', 'the prober was late']);
  });
});

describe('connections survive', () => {
  const reset = (atMs: number, ...faults: FaultSpec[]) => {
    const observation = healthy(...faults);
    return { ...observation, held: failing(observation.held, atMs, atMs, 'reset') };
  };

  it('fails where a connection was reset by a fault of a director', () => {
    expect(judged('connections survive', reset(5_300, term))).toEqual([
      'fails',
      'an established connection was reset at 5.30 s after the daemon of d1 is sent TERM',
    ]);
  });

  it('promises nothing without synchronisation', () => {
    expect(judged('connections survive', reset(5_300, term), { syncMs: null })[0]).toBe('holds');
  });

  it('promises nothing for connections to a real server that died', () => {
    expect(judged('connections survive', reset(5_300, dead))[0]).toBe('holds');
  });

  it('promises nothing where the other director had no time to learn', () => {
    const observation = reset(9_500, term, { ...term, host: d2 });
    const [, second] = observation.faults;
    if (second) {
      second.applied = { fromMs: 9_000, toMs: 9_010 };
      second.reverted = { fromMs: 9_400, toMs: 9_410 };
    }
    expect(judged('connections survive', observation)[0]).toBe('holds');
    expect(judged('connections survive', observation, { syncMs: 1_000 })[0]).toBe('fails');
  });

  it('fails where a connection stays silent', () => {
    const observation = healthy(term);
    const held = failing(observation.held, 6_000, 12_000, 'timeout');
    expect(judged('connections survive', { ...observation, held })[0]).toBe('fails');
  });
});

describe('after settling', () => {
  it('neighbours must have the MAC of the owner', () => {
    const observation = healthy(term);
    observation.final.neighbours = [{ host: 'client1', vip, mac: 'mac2' }];
    expect(judged('neighbours follow', observation)).toEqual([
      'fails',
      `client1 has ${d2} (mac2) for ${vip}, and ${d1} (mac1) owns it`,
    ]);
    observation.final.neighbours = [];
    expect(judged('neighbours follow', observation)).toEqual([
      'inconclusive',
      'no client or router was observed',
    ]);
  });

  it('neighbours are not judged where it is not known whom they should have', () => {
    const two = healthy(term);
    for (const look of two.looks) look.holders[vip] = [d1, d2];
    expect(judged('neighbours follow', two)).toEqual(['inconclusive', `${vip} has 2 owners`]);
    const unknown = healthy(term);
    unknown.final.macs = {};
    expect(judged('neighbours follow', unknown)).toEqual([
      'inconclusive',
      `the MAC address of ${d1} is not known`,
    ]);
  });

  it('both tables must be the same, and not empty', () => {
    const observation = healthy(term);
    observation.final.rules[d2]?.pop();
    expect(judged('tables alike', observation)).toEqual(['fails', expect.stringMatching(/^only d1: tcp/)]);
    observation.final.rules = { [d1]: [], [d2]: [] };
    expect(judged('tables alike', observation)[0]).toBe('fails');
    observation.final.rules = { [d1]: [] };
    expect(judged('tables alike', observation)).toEqual([
      'inconclusive',
      'the rules of a director are not known',
    ]);
  });
});

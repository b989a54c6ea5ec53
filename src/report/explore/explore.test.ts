import { describe, expect, it } from 'vitest';
import type { ExplorationRecord } from '../../model/exploration.ts';
import { parseLab } from '../../model/labfile/index.ts';
import { explorationHtml, explorationLines, explorationMarkdown } from './index.ts';

const text =
  'directors: { count: 2, with: keepalived }\nrealServers: 3\nservices: [ { vip: 198.18.0.100 } ]\n';
const cut = { fault: { kind: 'portDown' as const, host: 'd1' }, beginMs: 500, durationMs: 2_000 };
const dead = { fault: { kind: 'serviceDead' as const, host: 'rs1' }, beginMs: 4_000, durationMs: 1_000 };
const fine = { invariant: 'one owner' as const, verdict: 'holds' as const, seen: 'one owner in 20 looks' };
const seen = 'client1 has d1 <mac> for 198.18.0.100';
const bad = { invariant: 'neighbours follow' as const, verdict: 'fails' as const, seen };

const base: ExplorationRecord = {
  version: 2,
  id: '20260101-000000-explore-0000',
  command: 'explore',
  commandLine: 'drlab explore failover --seeds 1..3',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:01:00.000Z',
  durationMs: 60_000,
  drlab: { version: '1.0.0' },
  machine: { hostname: 'm', kernel: '6.1', cpuModel: 'c', cpus: 2, memoryBytes: 2 ** 31, os: 'Debian 12' },
  sandboxTrials: [],
  fidelity: { sandbox: 'uml', time: 'virtual', cpus: 1, network: 'veth' },
  lab: { file: 'lab/topologies/explore.yaml', text, spec: parseLab(text, 'lab.yaml') },
  bounds: {
    skewMs: 61,
    masterDownMs: 361,
    announceMs: 1_000,
    detectionMs: 2_200,
    returnMs: 2_200,
    syncMs: 4_000,
    preempt: false,
    readyMs: 2_861,
    slackMs: 700,
  },
  planned: 3,
  outcomes: [
    { schedule: { seed: 1, faults: [cut] }, findings: [fine] },
    { schedule: { seed: 2, faults: [cut, dead] }, findings: [fine, bad] },
    { schedule: { seed: 3, faults: [dead] }, findings: [], broken: 'the guest died' },
  ],
  shrunk: [
    {
      seed: 2,
      invariant: 'neighbours follow',
      schedule: { seed: 2, faults: [{ ...cut, beginMs: 0 }] },
      seen,
      trials: 4,
      reproduced: true,
      minimal: true,
    },
  ],
  faults: [],
  exitCode: 1,
};
const allHold: ExplorationRecord = {
  ...base,
  planned: 1,
  outcomes: base.outcomes.slice(0, 1),
  shrunk: [],
  exitCode: 0,
};

const lines = explorationLines({ color: false, width: 200 });

describe('the terminal', () => {
  it('shows a failing seed, the shortest schedule that fails, and how to see it again', () => {
    const shown = lines.summary(base, '/out');
    expect(shown).toContain('✗ neighbours follow');
    expect(shown).toContain('«neighbours follow» fails with seed 2');
    expect(shown).toContain('has 1 fault of 2; nothing shorter fails (4 trials)');
    expect(shown).toContain('at 0 s for 2 s: the switch port of d1 is down');
    expect(shown).toContain('drlab explore failover --replay /out/seed-2-neighbours-follow.json');
    expect(shown).toContain('drlab explore failover --seed 2');
    expect(shown).toContain('An invariant fails: 3 schedules tried; 1 schedule broke an invariant');
  });

  it('says what was not judged, and why', () => {
    const [, , open] = base.outcomes;
    expect(open && lines.ended(open, 0, 2_000)).toMatch(/^\? seed 3 .*\n.*the guest died$/);
    expect(lines.summary(base, '/out')).toContain('1 schedule could not be judged');
  });

  it('says what was not reproduced', () => {
    const shrunk = base.shrunk.map((one) => ({ ...one, reproduced: false, seen: '' }));
    expect(lines.summary({ ...base, shrunk }, '/out')).toContain('did not fail again on a fresh lab');
  });

  it('says how to see a failing seed again that was not made shorter', () => {
    const shown = lines.summary({ ...base, shrunk: [] }, '/out');
    expect(shown).toContain('«neighbours follow» fails with seed 2: drlab explore failover --seed 2');
  });

  it('says that all hold', () => {
    expect(lines.summary(allHold, '/out')).toContain('All invariants hold: 1 schedule tried');
  });

  it('names the lab and the time that a replay needs', () => {
    const real = {
      ...base,
      lab: { ...base.lab, file: 'my pair.yaml' },
      fidelity: { sandbox: 'uml' as const, time: 'real' as const, cpus: 1, network: '' },
    };
    expect(lines.summary(real, '/out')).toContain("--seed 2 --lab 'my pair.yaml' --time real");
  });
});

it('draws a page without anything from outside, and escapes what hosts said', () => {
  const page = explorationHtml(base);
  expect(page).toContain('<h1>An invariant fails</h1>');
  expect(page).toContain('client1 has d1 &lt;mac&gt; for');
  expect(page).toContain('<svg class="schedule"');
  expect(page).not.toMatch(/NaN|undefined|src="http/);
  expect(explorationHtml(allHold)).toContain('<h1>All invariants hold</h1>');
});

it('writes Markdown for a step summary', () => {
  const text = explorationMarkdown(base);
  expect(text).toMatch(/^## An invariant fails\n/);
  expect(text).toContain('client1 has d1 &lt;mac&gt; for');
  expect(text).toContain('drlab explore failover --seed 2');
  expect(explorationMarkdown(allHold)).not.toContain('Where not all hold');
});

it('tells on every way out that the lab of a schedule did not settle', () => {
  const [first, ...others] = base.outcomes;
  if (!first) throw new Error('no outcome');
  const record = { ...base, outcomes: [{ ...first, unsettled: 'd1: lacks a' }, ...others] };
  const said = 'the lab of seed 1 did not settle (d1: lacks a), and was used all the same';
  const screen = explorationLines({ color: false, width: 200 }).summary(record, 'reports/runs/x');
  for (const page of [screen, explorationHtml(record), explorationMarkdown(record)])
    expect(page.split(said)).toHaveLength(2);
  expect(explorationMarkdown(base)).not.toContain('did not settle');
});

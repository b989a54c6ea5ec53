import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../../util/root.ts';
import { addRun } from '../../commands/run.ts';

/** What docs/nightly.md hands out does what it says, with a drlab in its place that only notes how it was called. */

const folder = join(packageRoot, 'docs', 'nightly');
const script = join(folder, 'night.sh');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-night-script-'));
  const node = join(dir, 'node');
  writeFileSync(
    node,
    `#!/bin/sh
printf '%s\\n' "$@" >"${dir}/called"
while [ $# -gt 0 ]; do [ "$1" = --out ] && out=$2; shift; done
[ -n "\${NO_REPORT-}" ] || { mkdir -p "$out" && echo '## Regression' >"$out/summary.md"; }
exit "\${ENDS_WITH:-0}"
`,
  );
  await chmod(node, 0o755);
});
afterEach(() => rm(dir, { recursive: true }));

const state = (): string => join(dir, 'state');
const env = (more: Record<string, string> = {}) => ({
  PATH: `${dir}:/usr/bin:/bin`,
  DRLAB_STATE: state(),
  ...more,
});
const night = (args: string[] = [], more: Record<string, string> = {}) =>
  spawnSync(script, args, { env: env(more), encoding: 'utf8' });

describe('night.sh', () => {
  it('calls drlab with options that it has', async () => {
    expect(night(['latency', '--lab', 'minimal']).status).toBe(0);
    const [main = '', ...args] = readFileSync(join(dir, 'called'), 'utf8').trim().split('\n');
    expect(existsSync(main.replace('/dist/src/', '/src/').replace(/js$/, 'ts'))).toBe(true);
    const program = new Command();
    addRun(program, () => {});
    const run = program.commands[0];
    expect(run?.parseOptions(args.slice(1))).toMatchObject({ operands: ['latency'], unknown: [] });
    expect(run?.opts()).toMatchObject({
      lab: 'minimal',
      history: join(state(), 'nights'),
      baseline: 'median:7',
      failOn: 'regression',
    });
  });

  it('ends as drlab does, with the reports at «last» and in the step summary', () => {
    const summary = join(dir, 'step.md');
    writeFileSync(summary, 'before\n');
    expect(night([], { ENDS_WITH: '1', GITHUB_STEP_SUMMARY: summary }).status).toBe(1);
    expect(readFileSync(summary, 'utf8')).toBe('before\n## Regression\n');
    expect(readFileSync(join(state(), 'last', 'summary.md'), 'utf8')).toBe('## Regression\n');
    const last = readlinkSync(join(state(), 'last'));
    expect(night([], { ENDS_WITH: '69', NO_REPORT: 'yes', GITHUB_STEP_SUMMARY: summary }).status).toBe(69);
    expect(readlinkSync(join(state(), 'last'))).toBe(last);
    expect(readFileSync(summary, 'utf8')).toBe('before\n## Regression\n');
  });

  it('removes reports of long ago, never the history', () => {
    const [old, nights] = [join(state(), 'runs', 'old'), join(state(), 'nights')];
    for (const path of [old, nights]) {
      mkdirSync(path, { recursive: true });
      utimesSync(path, new Date(0), new Date(0));
    }
    expect(night().status).toBe(0);
    expect([existsSync(old), existsSync(nights)]).toEqual([false, true]);
  });

  it('does not begin while another is under way', async () => {
    mkdirSync(state());
    const other = spawn('flock', [join(state(), 'lock'), 'sh', '-c', 'echo held; read -r _'], {
      stdio: 'pipe',
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const { status, stderr } = night();
    other.stdin.end();
    await new Promise((resolve) => other.once('close', resolve));
    expect([status, stderr]).toEqual([75, expect.stringContaining('another night is under way')]);
  });
});

describe('what starts it', () => {
  it('is the script that there is', () => {
    for (const name of ['drlab-night.service', 'drlab-night.cron', 'github-workflow.yml'])
      expect(textOf(name), name).toMatch(/docs\/nightly\/night\.sh --lab default( |$)/m);
    expect(textOf('drlab-night.timer')).toContain('OnCalendar=');
  });

  it('in CI is a workflow with steps that each do one thing', () => {
    const { on, jobs } = parse(textOf('github-workflow.yml')) as {
      on: { schedule: { cron: string }[] };
      jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
    };
    expect(on.schedule[0]?.cron).toMatch(/^\d+ \d+ \* \* \*$/);
    const steps = jobs.night?.steps ?? [];
    expect(steps.map(({ uses, run }) => [uses, run].filter(Boolean).length)).toEqual(steps.map(() => 1));
  });
});

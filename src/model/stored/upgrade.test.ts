import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { html } from '../../report/index.ts';
import { aRecord } from '../../report/testing/record.ts';
import { stepLine } from '../remedy.ts';
import { recordJsonSchema } from '../schema/record.ts';
import { parseRecord, readExploration, readRecord, readReplay } from './record.ts';

/** Written by drlab while these records were of version 1, shortened to a few checks and schedules. */
const former = (name: string): string => fileURLToPath(new URL(`testing/${name}-1.json`, import.meta.url));

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drlab-upgrade-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a run of version 1', () => {
  it('is read as the present one, with what fixes its failures', async () => {
    const record = await readRecord(former('run'));
    const before = JSON.parse(await readFile(former('run'), 'utf8'));
    expect([before.version, record.version]).toEqual([1, 3]);
    const texts = [...before.results, ...before.diagnosis].map(({ mend }: { mend?: string }) => mend);
    const steps = [...record.results, ...(record.diagnosis ?? [])].map(({ remedy }) => remedy);
    expect(steps.map((own) => own?.map(stepLine).join('\n'))).toEqual(texts);
    expect(JSON.stringify(record)).not.toContain('"mend"');
    const [first] = record.results[0]?.remedy ?? [];
    expect(html(record)).toContain(first && stepLine(first));
  });

  it('is as published when it is written again', async () => {
    const again = JSON.stringify(await readRecord(former('run')));
    expect(parseRecord(again)).toEqual(JSON.parse(again));
    expect(recordJsonSchema()).toMatchObject({ properties: { version: { const: 3 } } });
  });

  it('has words where version 2 had words and commands in one text', () => {
    const results = [{ ...aRecord().results[0], remedy: 'on rs2: sysctl -w x=1\nor ask' }];
    const { remedy } = parseRecord(JSON.stringify({ ...aRecord(), version: 2, results })).results[0] ?? {};
    expect(remedy).toEqual([{ advice: 'on rs2: sysctl -w x=1' }, { advice: 'or ask' }]);
  });

  it('is refused where it does not fit, with the place in it', async () => {
    const damaged = JSON.stringify({ version: 1, results: [7, { mend: 5 }], diagnosis: 'none' });
    expect(() => parseRecord(damaged)).toThrow('run.json: command: Invalid option');
  });
});

describe('an exploration of version 1', () => {
  it('is read as one of version 2', async () => {
    const { outcomes } = await readExploration(former('exploration'));
    const faults = outcomes.flatMap(({ schedule }) => schedule.faults.map(({ fault }) => fault));
    expect(faults.filter((fault) => 'requesters' in fault).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['slowAnswers', 'errorAnswers', 'hang']),
    );
    expect(faults.map(({ kind }) => kind)).toContain('rogueRouter');
    expect(JSON.stringify(outcomes)).not.toMatch(/askers|rivalSpeaker/);
  });

  it('has schedules that can be replayed: their files had no version', async () => {
    const fault = { kind: 'hang', host: 'rs1', askers: 'directors' };
    const schedule = { seed: 17, faults: [{ fault, beginMs: 0, durationMs: 500 }] };
    const file = join(dir, 'seed-17.json');
    const put = (value: unknown) => writeFile(file, JSON.stringify(value));
    await put({ lab: 'failover', time: 'virtual', invariant: 'one owner', schedule });
    expect((await readReplay(file)).schedule.faults[0]?.fault).toEqual({
      kind: 'hang',
      host: 'rs1',
      requesters: 'directors',
    });
    await put({ lab: 'failover' });
    await expect(readReplay(file)).rejects.toThrow(`${file}: time: Invalid`);
    await put({
      lab: 'failover',
      time: 'real',
      invariant: 'one owner',
      schedule: { ...schedule, seed: 0.5 },
    });
    await expect(readReplay(file)).rejects.toThrow('schedule.seed: Invalid input: expected int');
  });
});

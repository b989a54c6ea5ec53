import { expect, it } from 'vitest';
import type { Check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { aRecord } from '../report/testing/record.ts';
import { assemble } from './assemble.ts';
import { playAll } from './play.ts';
import { brokenBy, inRun } from './testing/purposes.ts';

const spec = parseLab('name: one', 'one.yaml');
const lacks = 'd1: lacks vip:198.18.0.100';
const aCheck = { id: 'X-01', suite: 'arp', level: 'must', title: 'x', needs: ['arp'], mutants: [] };
const checks = [aCheck as unknown as Check];
const lab = { spec, configs: [], lacks: () => 'nothing here', logs: async () => [], unsettled: lacks };
const standing = { ...lab, [Symbol.asyncDispose]: async () => {} } as unknown as Lab;

it('a lab that did not settle is in the record, once, unless a mutant broke it', async () => {
  const events: RunEvent[] = [];
  const cases = [inRun(), inRun('routed'), brokenBy('X-01', 'mutant')].map((purpose) => ({
    purpose,
    spec,
    checks: ['X-01'],
  }));
  const workshop = {
    checks,
    buildLab: async () => standing,
    provenance: async () => [],
    runDir: '/nowhere',
    emit: (event: RunEvent) => void events.push(event),
  };
  await playAll(cases, workshop);
  await playAll(cases.slice(0, 1), workshop);
  expect(assemble(aRun(), cases, checks, events).unsettled).toEqual([
    { case: 'run', lacks },
    { case: 'run@routed', lacks },
  ]);
  const silent = events.filter(({ type }) => type !== 'unsettled');
  expect(assemble(aRun(), cases, checks, silent)).not.toHaveProperty('unsettled');
});

const aRun = () => ({ ...aRecord({ results: [] }), sandbox: 'uml' as const });

import { expect, test } from 'vitest';
import type { Check } from '../model/check.ts';
import type { RunEvent } from '../model/events.ts';
import type { Purpose } from '../model/job.ts';
import type { Lab } from '../model/lab.ts';
import { parseLab } from '../model/labfile/index.ts';
import { LabUnavailable } from '../util/errors.ts';
import type { Workshop } from './case-lab.ts';
import { playAll } from './play.ts';
import { inRun } from './testing/purposes.ts';

const spec = parseLab('directors: { count: 1, with: ipvsadm }', 'one.yaml');
const checks = ['ENV-01', 'ENV-02', 'ENV-03'].map(
  (id) => ({ id, suite: 'arp', level: 'must', title: id, needs: ['arp'], mutants: [] }) as unknown as Check,
);
const lab = {
  spec,
  lacks: () => 'nothing here',
  logs: async () => [],
  [Symbol.asyncDispose]: async () => {},
};

async function told(cases: [Purpose, ...string[]][], buildLab: () => Promise<Lab>) {
  const events: RunEvent[] = [];
  const workshop: Workshop = {
    checks,
    buildLab,
    provenance: async () => [],
    runDir: '/nowhere',
    emit: (event) => events.push(event),
  };
  await playAll(
    cases.map(([purpose, ...ids]) => ({ purpose, spec, checks: ids })),
    workshop,
  );
  return events.map((event) =>
    event.type === 'check-end'
      ? `${event.result.id} ${event.result.verdict}`
      : `${event.type} ${'case' in event ? event.case : ''}`,
  );
}

test('cases are played in order, each in its own lab', async () => {
  const events = await told(
    [
      [inRun(), 'ENV-01', 'ENV-02'],
      [inRun('other'), 'ENV-03'],
    ],
    async () => lab as unknown as Lab,
  );
  expect(events).toEqual([
    ...['case-start run', 'lab-up run', 'check-start run', 'ENV-01 unsupported', 'check-start run'],
    ...['ENV-02 unsupported', 'lab-down run', 'case-end run', 'case-start run@other', 'lab-up run@other'],
    ...['check-start run@other', 'ENV-03 unsupported', 'lab-down run@other', 'case-end run@other'],
  ]);
});

test('where the driver builds no labs, nothing is asked after the first', async () => {
  const refused = async () => {
    throw new LabUnavailable('no namespaces');
  };
  const events = await told(
    [
      [inRun(), 'ENV-01'],
      [inRun('other'), 'ENV-03'],
    ],
    refused,
  );
  expect(events).toContain('unavailable run');
  expect(events).not.toContain('case-start run@other');
});

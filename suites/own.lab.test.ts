import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookOn, type Ran, ranOn } from '../src/cli/testing/broken-lab.ts';
import { TestFolder } from '../src/cli/testing/drlab.ts';

/** Checks that have a stage, in a lab of the user that has their subject: judged there, by its services and weights. */

let folder: TestFolder;
let ran: Ran;
const vip = '198.18.0.101';
const onDirector = (command: string): string => hookOn('lb', `ipvsadm ${command}`);

beforeAll(async () => {
  folder = await TestFolder.create();
  const scheduled = (port: number, scheduler: string, more = {}) => ({ vip, port, scheduler, ...more });
  ran = await ranOn(
    folder,
    {
      name: 'mine',
      directors: { with: 'ipvsadm', hosts: [{ name: 'lb' }] },
      realServers: [3, 1, 2, 2].map((weight, i) => ({ name: `web${i + 1}`, weight })),
      services: [
        scheduled(81, 'lc'),
        scheduled(82, 'wlc'),
        scheduled(83, 'sed'),
        scheduled(84, 'sh'),
        scheduled(85, 'mh'),
        scheduled(86, 'sh', { schedulerFlags: ['sh-port'] }),
        scheduled(87, 'rr', { persistence: '300s' }),
      ],
      hooks: {
        afterApply: [
          onDirector(`-E -t ${vip}:81 -s rr`),
          onDirector(`-E -t ${vip}:84 -s rr`),
          onDirector(
            `-e -t ${vip}:85 -r $(ipvsadm -Sn | sed -n "s/^-a -t ${vip}:85 -r \\([^ ]*\\) .*-w 3.*/\\1/p") -g -w 7`,
          ),
          onDirector(`-E -t ${vip}:86 -s sh`),
        ],
      },
    },
    ['SCH-01', 'SCH-03', 'SCH-04', 'SCH-05', 'SCH-09', 'SCH-12', 'SCH-14', 'BAL-02'],
  );
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('services of the lab as written', () => {
  it.each(['SCH-04', 'SCH-05'])('%s passes on the service as it is, and in no stage', (id) => {
    expect(ran.of(id)).toMatchObject({ verdict: 'pass' });
    expect(ran.of(id)).not.toHaveProperty('stage');
  });
  it.each([
    ['SCH-03', 'another scheduler', /lb schedules port 81 with rr, not with lc/],
    ['SCH-09', 'another scheduler', /lb schedules port 84 with rr, not with sh/],
    ['SCH-12', 'a flag is missing', /lb may lack the flag sh-port on port 86/],
    ['SCH-14', 'another weight', /lb gives web1 the weight 7, not 3/],
    [
      'BAL-02',
      'sources do not keep their real server',
      /lb does not schedule -t 198\.18\.0\.101:84 by the source with sh/,
    ],
  ])('%s fails: %s', (id, _, cause) => {
    expect(['fail', 'warn']).toContain(ran.of(id).verdict);
    expect(ran.of(id).cause).toMatch(cause);
  });
  it('does not take a persistent service for one that takes turns', () => {
    expect(ran.of('SCH-01')).toMatchObject({ verdict: 'unsupported' });
  });
});

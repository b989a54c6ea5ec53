import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, TestFolder } from '../../src/cli/testing/drlab.ts';
import { runExample } from '../../src/cli/testing/examples.ts';
import type { CheckResult } from '../../src/model/record.ts';

/** Four directors by BGP as users have them, sound and with one weight that differs, through the command line. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const own = ['STA-01', 'ANY-01', 'ANY-02', 'ANY-03', 'ANY-08', 'STA-02'];
const checks = [...own, 'ARP-01'];

interface Run {
  ended: Ended;
  of(id: string): CheckResult | undefined;
}

async function run(lab: string): Promise<Run> {
  const { ended, record } = await runExample(folder, lab, checks);
  return { ended, of: (id) => record.results.find((one) => one.id === id) };
}

describe('four directors that announce a VIP', () => {
  let sound: Run;
  beforeAll(async () => {
    sound = await run('anycast');
  });

  it('are conformant', () => {
    expect(sound.ended, sound.ended.stdout).toMatchObject({ code: 0 });
    for (const id of own) expect(sound.of(id), id).toMatchObject({ verdict: 'pass' });
    expect(sound.of('ANY-02')?.stage).toBeUndefined();
  });

  it('are not judged as one that answers for a VIP', () =>
    expect(sound.of('ARP-01')).toMatchObject({
      verdict: 'unsupported',
      reason: expect.stringContaining('here all announce them'),
    }));
});

describe('one of them with another weight', () => {
  let broken: Run;
  beforeAll(async () => {
    broken = await run('anycast-broken');
  });

  it('is named, with what it has and what makes it equal', () => {
    expect(broken.ended, broken.ended.stdout).toMatchObject({ code: 1 });
    expect(broken.of('ANY-03')).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/^lb3 has another table \(weight or real servers\): .*web1=9/),
      remedy: [{ on: 'lb3', run: 'ipvsadm -e -t 198.18.0.100:80 -r 198.18.1.1:80 -g -w 1' }],
    });
  });

  it('is no less a next hop', () => expect(broken.of('ANY-02')).toMatchObject({ verdict: 'pass' }));
});

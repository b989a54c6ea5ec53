import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/model/check.ts';
import { recordedCase } from '../../recorded/recorded.ts';
import { connectionsSurviveVrrp } from '../sync/vrrp.ts';
import { health } from './index.ts';
import { detectionMs } from './limits.ts';

/** What the unbroken lab showed, changed. */
function judged(subject: Check | undefined, change: (seen: Record<string, unknown>) => void) {
  if (!subject) throw new Error('no such check');
  const { spec, observation } = recordedCase(subject);
  change(observation as Record<string, unknown>);
  return subject.judge(observation, { spec });
}

const byId = (id: string): Check | undefined => health.find((one) => one.id === id);

describe('the time of detection', () => {
  it.each([
    [{ intervalMs: 1_000, timeoutMs: 1_000, retries: 1, retryDelayMs: 1_000 }, 4_000],
    [{ intervalMs: 1_000, timeoutMs: 500, retries: 0 }, 1_500],
    [{ intervalMs: 2_000, timeoutMs: 1_000, retries: 2 }, 9_000],
  ])('of %o is %i ms', (settings, ms) => {
    expect(detectionMs(settings)).toBe(ms);
  });
});

describe('what cannot be judged is inconclusive', () => {
  it('HC-03: a director that cannot ask at the VIP, while clients are served', () => {
    const verdict = judged(byId('HC-03'), (seen) => {
      for (const one of seen.probed as { throughVip: string }[]) one.throughVip = 'timeout';
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', seen: expect.stringContaining('accept_local') });
  });
  it('HC-01@hang: a fault that did not happen', () => {
    const verdict = judged(byId('HC-01@hang'), (seen) => {
      seen.evidence = { happened: false, sentence: 'rs1 answered', data: {} };
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
  });
  it('HC-09: two attempts were lost', () => {
    const verdict = judged(byId('HC-09'), (seen) => {
      seen.refused = 2;
      seen.leftTable = true;
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
  });
  it('HC-12: no frame reached the real server of any service', () => {
    const verdict = judged(byId('HC-12'), (seen) => {
      seen.frames = {};
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
  });
  it('SYN-01@vrrp: nobody took over', () => {
    const verdict = judged(connectionsSurviveVrrp, (seen) => {
      seen.takenOver = false;
    });
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
  });
});

it('HC-12: a held connection that still reaches the removed real server is a failure', () => {
  const verdict = judged(byId('HC-12'), (seen) => {
    seen.frames = { ...(seen.frames as object), 81: 2 };
  });
  expect(verdict).toMatchObject({ verdict: 'fail', seen: expect.stringMatching(/^2 frames/) });
});

import type { Judgement } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { RemedyStep } from '../../src/model/remedy.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { fail, pass } from '../common/judging.ts';
import { judgeOutage } from '../failover/outage/judge.ts';
import { Load, type LoadRecord, momentOf, pause } from '../failover/outage/load.ts';
import { announcers, routerOf, whenHop } from './hops.ts';
import { announcedService } from './stage.ts';

/*
 *   all are next hops ── what is done to the last director ──▶ it is none ── its end ──▶ it is one again
 */

export interface Losing {
  director: string;
  record: LoadRecord;
  /** It was a next hop before; it came to be none; it came back. */
  was: boolean;
  gone: boolean;
  back: boolean;
}

export interface Loss {
  act(director: string): Promise<void>;
  undo(director: string): Promise<void>;
  /** How long is waited for the router to notice. */
  withinMs: number;
}

export const done = 'done';
const noticed = 'no next hop';
/** What reads a route and what installs it take their time; a new connection that was on its way then may fail. */
export const slackMs = 300;
const backWithinMs = 30_000;

/** New connections run while a director is lost, and comes back. */
export async function lose(lab: Lab, { act, undo, withinMs }: Loss): Promise<Losing> {
  const { vip } = announcedService(lab.spec);
  const director = announcers(lab.spec).at(-1) ?? '';
  const was = await whenHop(lab, { vip, director, is: true }, 5_000);
  const load = await Load.start(lab);
  await load.act(done, () => act(director));
  const gone = await load.see(noticed, () => whenHop(lab, { vip, director, is: false }, withinMs));
  await pause(1_500);
  const record = await load.stop();
  await undo(director);
  const back = await whenHop(lab, { vip, director, is: true }, backWithinMs);
  return { director, record, was, gone, back };
}

interface Words {
  /** What was done, as in «a4 lost its link». */
  what: string;
  limitMs: number;
  /** New connections may fail meanwhile, until the router has noticed. */
  mayFail: boolean;
  cause: string;
  remedy: RemedyStep[];
}

export function judgeLoss(
  { director, record, was, gone, back }: Losing,
  { spec, words }: { spec: LabSpec; words: Words },
): Judgement {
  const { what, limitMs, mayFail, cause, remedy } = words;
  const router = routerOf(spec);
  const expected =
    `${director} is no next hop of ${router} within ${limitMs} ms after ${what}; ${mayFail ? 'then' : 'at no time'} do new connections fail`.replace(
      'then do new connections fail',
      'no new connection fails after that',
    );
  const from = momentOf(record, done);
  const to = momentOf(record, noticed);
  const tookMs = Math.round((to?.toMs ?? 0) - (from?.fromMs ?? 0));
  return judgeOutage({
    expected,
    fault: { happened: was, sentence: `${director} was no next hop of ${router} before` },
    load: from && to && record,
    slackMs,
    title: `${what}`,
    ...(from && { calmUntilMs: from.fromMs }),
    verdict: ({ fresh }) => {
      if (!gone)
        return fail(expected, `${director} is still a next hop ${tookMs} ms after ${what}`, {
          cause,
          remedy,
        });
      if (tookMs > limitMs) return fail(expected, `${router} noticed after ${tookMs} ms`, { cause, remedy });
      const failed = fresh.points.filter(({ latencyMs }) => latencyMs === null);
      const late = mayFail ? failed.filter(({ tMs }) => tMs > (to?.toMs ?? 0) + slackMs) : failed;
      const seen = `no next hop after ${tookMs} ms; ${failed.length} of ${fresh.points.length} new connections failed`;
      const figures = [
        { name: 'until the router noticed', value: tookMs, unit: 'ms', samples: 1 },
        {
          name: 'new connections that failed',
          value: failed.length,
          unit: '1',
          samples: fresh.points.length,
        },
      ];
      if (late.length > 0)
        return fail(
          expected,
          `${seen}, ${late.length} of them ${mayFail ? 'after that' : 'though nothing crashed'}`,
          {
            cause: mayFail ? `what ${router} sends elsewhere is not served there` : cause,
            remedy,
            figures,
          },
        );
      if (!back)
        return fail(
          expected,
          `${seen}; ${director} is no next hop again ${backWithinMs / 1000} s after its return`,
          {
            cause: `${director} does not announce again once it is well`,
            remedy,
          },
        );
      return pass(expected, seen, { figures });
    },
  });
}

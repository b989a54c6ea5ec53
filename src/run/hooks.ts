import type { RunEvent } from '../model/events.ts';
import { placeIn } from '../model/labfile/index.ts';
import type { RunRecord } from '../model/record.ts';

/** What became of a run in which hooks of its lab file failed, or files that its hosts are started on. */
export interface FailedHooks {
  /** Each once, however many labs it failed in. */
  faults: RunRecord['faults'];
  /** Checks were not run for it, since it was to configure their lab. */
  cutOff: boolean;
  /** No lab was ever up. */
  noLab: boolean;
}

export function failedHooks(events: readonly RunEvent[], { file, text }: RunRecord['lab']): FailedHooks {
  const failed = events.filter((event) => event.type === 'hook-failed');
  const faults = failed.map(({ place, message, hint }) => ({
    message: `${placeIn(text, file, place)}: ${place} ${message}`,
    ...(hint !== undefined && { hint }),
  }));
  const cutOff = failed.some(({ place }) => !place.startsWith('hooks.beforeTeardown'));
  return {
    faults: [...new Map(faults.map((fault) => [fault.message, fault])).values()],
    cutOff,
    noLab: cutOff && !events.some(({ type }) => type === 'lab-up'),
  };
}

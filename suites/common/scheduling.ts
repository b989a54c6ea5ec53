import type { Check, Scheduling } from '../../src/model/check.ts';

/** Checks of a suite that want the same of clock and machine; what one of them declares itself counts more. */
const scheduled =
  (ofSuite: Scheduling) =>
  (...checks: Check[]): Check[] =>
    checks.map((check) => ({ ...check, scheduling: { ...ofSuite, ...check.scheduling } }));

/** They wait for timers of daemons and kernels, and have little to do meanwhile. */
export const waitingForTimers = scheduled({ clock: 'virtual' });

/** Nobody waits for them in real time. */
export const takingHours = scheduled({ clock: 'virtual', hours: true });

/** Their figures are those of the machine, and of nothing beside them. */
export const measuringTheMachine = scheduled({ clock: 'real', alone: true });

/**
 * Reads former forms: for each kind of record a step for each time that its number was raised. Nothing here trusts the
 * data; what comes out is validated as any record is.
 */

type Data = Record<string, unknown>;
export type Upgrade = (old: Data) => Data;

/** From 1 to 2, from 2 to 3. */
export const upgradesOfRun: Upgrade[] = [
  inRemedies((of) => renamed(of, 'mend', 'remedy')),
  inRemedies(withSteps),
];

function inRemedies(step: Upgrade): Upgrade {
  return ({ results, diagnosis, ...others }) => ({
    ...others,
    results: each(results, step),
    ...(diagnosis !== undefined && { diagnosis: each(diagnosis, step) }),
  });
}

/** A remedy was one text, with words and hosts between its commands; which are which only its reader can tell. */
function withSteps(of: Data): Data {
  const { remedy } = of;
  if (typeof remedy !== 'string') return of;
  return { ...of, remedy: remedy.split('\n').map((advice) => ({ advice })) };
}

export const upgradeExploration: Upgrade = ({ outcomes, shrunk, ...others }) => ({
  ...others,
  outcomes: each(outcomes, withSchedule),
  shrunk: each(shrunk, withSchedule),
});

/** Files for `--replay` came without a number before. */
export const upgradeReplay: Upgrade = (old) => withSchedule(old);

function withSchedule(of: Data): Data {
  const { schedule } = of;
  if (!isData(schedule)) return of;
  const faults = each(schedule.faults, (planned) =>
    isData(planned.fault) ? { ...planned, fault: upgradeFault(planned.fault) } : planned,
  );
  return { ...of, schedule: { ...schedule, faults } };
}

const upgradeFault = (fault: Data): Data => ({
  ...renamed(fault, 'askers', 'requesters'),
  ...(fault.kind === 'rivalSpeaker' && { kind: 'rogueRouter' }),
});

function renamed(data: Data, from: string, to: string): Data {
  if (!(from in data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key === from ? to : key, value]));
}

const each = (list: unknown, step: Upgrade): unknown =>
  Array.isArray(list) ? list.map((item: unknown) => (isData(item) ? step(item) : item)) : list;

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

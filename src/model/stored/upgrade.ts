/**
 * Reads the form before the present one: a step for each kind of record whose number was raised. Older forms than that
 * are not read. Nothing here trusts the data; what comes out is validated as any record is.
 */

type Data = Record<string, unknown>;
export type Upgrade = (old: Data) => Data;

export const upgradeRun: Upgrade = ({ results, diagnosis, ...others }) => ({
  ...others,
  results: each(results, (result) => renamed(result, 'mend', 'remedy')),
  ...(diagnosis !== undefined && {
    diagnosis: each(diagnosis, (candidate) => renamed(candidate, 'mend', 'remedy')),
  }),
});

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

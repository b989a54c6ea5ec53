/** Files of a run's folder apart from the reports; what the reports are drawn from. */
export const files = {
  job: 'raw/job.json',
  events: 'raw/events.ndjson',
  console: 'raw/console.log',
} as const;

/** The same of one of several sandboxes that a run uses; the first has none to tell it apart. */
export const fileOf = (name: keyof typeof files, worker = ''): string =>
  worker === '' ? files[name] : files[name].replace(/(\.\w+)$/, `-${worker}$1`);

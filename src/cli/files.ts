/** Files of a run's folder besides the reports; what the reports are drawn from. */
export const files = {
  job: 'raw/job.json',
  events: 'raw/events.ndjson',
  console: 'raw/console.log',
} as const;

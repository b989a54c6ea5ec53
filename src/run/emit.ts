import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { RunEvent } from '../model/events.ts';

/** File in the run's folder through which the inside of a sandbox speaks to the outside. */
export const eventsFile = 'events.ndjson';

export type Emit = (event: RunEvent) => void;

/** Appends events; each is on the outside's disk when the call returns, since a guest may die any moment. */
export function emitter(path: string): Emit {
  appendFileSync(path, '');
  return (event) => {
    const fd = openSync(path, 'a');
    try {
      writeSync(fd, `${JSON.stringify(event)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  };
}

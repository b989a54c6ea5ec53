import type { RunEvent } from '../../model/events.ts';
import { exitCode, LabFileError } from '../../util/errors.ts';

/** @throws {LabFileError} where the inside found the lab file wrong: a hook fails while it configures the lab. */
export function refuseWrong(events: readonly RunEvent[], labFile: string): void {
  const wrong = events.find((event) => event.type === 'fault' && event.exit === exitCode.labFile);
  if (wrong?.type !== 'fault') return;
  throw new LabFileError(labFile, wrong.message, wrong.hint === undefined ? {} : { hint: wrong.hint });
}

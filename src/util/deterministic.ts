/**
 * V8 orders objects by a hash and makes random numbers of its own. Its threads would wait for each other in virtual time,
 * where nothing interrupts one that computes.
 */
export const deterministicFlags = (seed: number | undefined): string[] =>
  seed === undefined ? [] : [`--random-seed=${seed}`, `--hash-seed=${seed}`, '--single-threaded'];

/** Starts Node, as steady as this process was started. */
export const node = (): string[] => [process.execPath, ...process.execArgv.filter(isSteady)];

const isSteady = (flag: string): boolean => /^--(random-seed|hash-seed)=|^--single-threaded$/.test(flag);

import { kvmTrialSchema } from '../../../src/model/schema/state.ts';
import type { KvmTrial } from '../../../src/model/state.ts';

/** By machine and kernel; KVM that opens may still hang, and a trial costs time. */
export type KvmMemory = Record<string, KvmTrial>;

const dayMs = 86_400_000;
/** A machine may get its KVM fixed; one whose KVM works is tried again less often. */
const keepMs = { works: 30 * dayMs, fails: 7 * dayMs };

/** Of a text that may be empty, damaged or of another version. */
export function parseKvmMemory(text: string): KvmMemory {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return {};
  }
  const rows = Object.entries(typeof read === 'object' && read !== null ? read : {});
  return Object.fromEntries(
    rows.filter((row): row is [string, KvmTrial] => kvmTrialSchema.safeParse(row[1]).success),
  );
}

/** The trial that still counts, if there is one. */
export function recall(memory: KvmMemory, key: string, nowMs: number): KvmTrial | undefined {
  const trial = memory[key];
  if (trial === undefined) return undefined;
  const age = nowMs - Date.parse(trial.at);
  return age >= 0 && age < keepMs[trial.works ? 'works' : 'fails'] ? trial : undefined;
}

/** With one more trial, and without those that count no more. */
export function remember(memory: KvmMemory, key: string, trial: KvmTrial): KvmMemory {
  const now = Date.parse(trial.at);
  const kept = Object.keys(memory).flatMap((each) => {
    const old = recall(memory, each, now);
    return old ? [[each, old] as const] : [];
  });
  return { ...Object.fromEntries(kept), [key]: trial };
}

import type { FaultSpec } from '../../src/model/fault.ts';
import { runProgram } from '../../src/programs/index.ts';
import type { Fault } from './fault.ts';
import { worksOf } from './link.ts';
import type { Parts } from './parts.ts';

/** Reading two clocks one after the other, on a machine that does other things too. */
const readingErrorMs = 50;

/** Only where the kernel is the sandbox's own, or it would be the clock of the machine. */
export function clockStep({ stepMs }: Extract<FaultSpec, { kind: 'clockStep' }>, parts: Parts): Fault {
  const { sandbox } = worksOf(parts);
  const aheadMs = async (...step: number[]) => Number((await runProgram(sandbox, 'clock', step))[0]?.[0]);
  let before: number | undefined;
  return {
    outlivesLab: true,
    async apply() {
      before = await aheadMs();
      await aheadMs(stepMs);
    },
    async verify() {
      const steppedMs = (await aheadMs()) - (before ?? 0);
      const happened = before !== undefined && Math.abs(steppedMs - stepMs) <= readingErrorMs;
      const sentence = `the wall clock is ${Math.round(steppedMs)} ms from where it would be`;
      return { happened, sentence, data: { steppedMs } };
    },
    async revert() {
      if (before !== undefined) await aheadMs(before - (await aheadMs()));
    },
  };
}

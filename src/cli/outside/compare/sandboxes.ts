import { missingPrograms, type SandboxChoice, type SandboxNeeds } from '../../../../lab/sandbox/index.ts';
import type { Variant } from '../../../model/comparison.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { LabUnavailable } from '../../../util/errors.ts';
import { choose, type Launch, needsOf } from '../launch.ts';

/** Where variants are measured: all in one sandbox, but for kernels, which have one each. */
export interface VariantSandbox {
  /** Of a kernel; empty for the one sandbox of all. */
  name: string;
  choice: SandboxChoice;
  needs: SandboxNeeds;
}

export interface VariantSandboxes {
  sandboxes: Map<string, VariantSandbox>;
  /** Those that no sandbox can have say so now. */
  variants: Variant[];
}

export const sandboxName = ({ kernel = '' }: Pick<Variant, 'kernel'>): string => kernel;

/** @throws {LabUnavailable} where not even the base can be measured. */
export async function findSandboxes(
  begun: BegunComparison,
  onNote: Launch['onNote'],
): Promise<VariantSandboxes> {
  const { variants, sandbox, wanted } = begun;
  const sandboxes = new Map<string, VariantSandbox>();
  const base = variants.find(({ name }) => name === wanted.base);
  if (!base) throw new Error(`the base ${wanted.base} is no variant`);
  const open = variants.filter(({ unsupported }) => unsupported === undefined);
  const whyNot = new Map<string, string>();
  for (const name of new Set([base, ...open].map(sandboxName))) {
    const here = open.filter((variant) => sandboxName(variant) === name);
    const kernel = name === '' ? begun.kernel : name;
    const ask = (needs: SandboxNeeds) => choose({ sandbox, kernel, needs, ...(onNote && { onNote }) });
    const all = here.map(({ spec }) => needsOf(spec)).reduce(together);
    try {
      sandboxes.set(name, { name, choice: await ask(all), needs: all });
    } catch (error) {
      if (!(error instanceof LabUnavailable)) throw error;
      if (name !== sandboxName(base)) {
        for (const variant of here) whyNot.set(variant.name, error.message);
        continue;
      }
      // Not all of them at once; then those that can be where the base can.
      const needs = needsOf(base.spec);
      const choice = await ask(needs);
      sandboxes.set(name, { name, choice, needs });
      for (const variant of here) {
        const own = needsOf(variant.spec);
        const { ok, why } = (await missingPrograms(own)) ?? (await choice.sandbox.attempt(own));
        if (!ok) whyNot.set(variant.name, `${choice.sandbox.kind}: ${why}`);
      }
    }
  }
  return {
    sandboxes,
    variants: variants.map((variant) => {
      const unsupported = variant.unsupported ?? whyNot.get(variant.name);
      return unsupported === undefined ? variant : { ...variant, unsupported };
    }),
  };
}

const together = (a: SandboxNeeds, b: SandboxNeeds): SandboxNeeds => ({
  ipvs: a.ipvs || b.ipvs,
  nftNetdev: a.nftNetdev || b.nftNetdev,
  dockerd: Boolean(a.dockerd || b.dockerd),
  elsewhere: Boolean(a.elsewhere && b.elsewhere),
  programs: [...(a.programs ?? []), ...(b.programs ?? [])],
});

import { missingPrograms, type SandboxChoice, type SandboxNeeds } from '../../../../lab/sandbox/index.ts';
import type { Variant } from '../../../model/comparison.ts';
import type { BegunComparison } from '../../../model/state.ts';
import { LabUnavailable } from '../../../util/errors.ts';
import { choose, type Launch, needsOf } from '../launch.ts';

/** Where variants are measured: all in one sandbox, but for kernels, which have one each. */
export interface Place {
  /** Of a kernel; empty for the one sandbox of all. */
  name: string;
  choice: SandboxChoice;
  needs: SandboxNeeds;
}

export interface Places {
  places: Map<string, Place>;
  /** Those that no place can have say so now. */
  variants: Variant[];
}

export const placeName = ({ kernel = '' }: Pick<Variant, 'kernel'>): string => kernel;

/** @throws {LabUnavailable} where not even the base can be measured. */
export async function findPlaces(begun: BegunComparison, onNote: Launch['onNote']): Promise<Places> {
  const { variants, sandbox, wanted } = begun;
  const places = new Map<string, Place>();
  const base = variants.find(({ name }) => name === wanted.base);
  if (!base) throw new Error(`the base ${wanted.base} is no variant`);
  const open = variants.filter(({ unsupported }) => unsupported === undefined);
  const whyNot = new Map<string, string>();
  for (const name of new Set([base, ...open].map(placeName))) {
    const here = open.filter((variant) => placeName(variant) === name);
    const kernel = name === '' ? begun.kernel : name;
    const ask = (needs: SandboxNeeds) => choose({ sandbox, kernel, needs, ...(onNote && { onNote }) });
    const all = here.map(({ spec }) => needsOf(spec)).reduce(together);
    try {
      places.set(name, { name, choice: await ask(all), needs: all });
    } catch (error) {
      if (!(error instanceof LabUnavailable)) throw error;
      if (name !== placeName(base)) {
        for (const variant of here) whyNot.set(variant.name, error.message);
        continue;
      }
      // Not all of them at once; then those that can be where the base can.
      const needs = needsOf(base.spec);
      const choice = await ask(needs);
      places.set(name, { name, choice, needs });
      for (const variant of here) {
        const own = needsOf(variant.spec);
        const { ok, why } = (await missingPrograms(own)) ?? (await choice.sandbox.attempt(own));
        if (!ok) whyNot.set(variant.name, `${choice.sandbox.kind}: ${why}`);
      }
    }
  }
  return {
    places,
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

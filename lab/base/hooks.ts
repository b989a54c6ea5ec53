import type { LabSpec } from '../../src/model/spec.ts';
import { endedBadly, messageOf, StepFailed } from '../../src/util/errors.ts';

/** How the shell text of a hook ended. */
export interface HookEnd {
  /** Where it was run: `the sandbox`. */
  where: string;
  code: number | null;
  said: string;
}

export type RunHook = (hook: string) => Promise<HookEnd>;

/** @throws {StepFailed} for the first that ends badly. */
export async function runHooks(
  { hooks, hosts }: Pick<LabSpec, 'hooks' | 'hosts'>,
  name: keyof LabSpec['hooks'],
  run: RunHook,
): Promise<void> {
  for (const [index, hook] of hooks[name].entries()) {
    const place = `hooks.${name}[${index}]`;
    const { where, code, said } = await run(hook).catch((error) => {
      throw new StepFailed(place, messageOf(error));
    });
    if (code !== 0) throw new StepFailed(place, endedBadly(hostIn(hook, hosts) ?? where, hook, code, said));
  }
}

/** The one host that a hook enters. */
function hostIn(hook: string, hosts: LabSpec['hosts']): string | undefined {
  const entered = [...hook.matchAll(/\bip netns exec (\S+)/g)].map(([, name]) => name);
  const [host, ...others] = hosts.filter(({ name }) => entered.includes(name));
  return others.length === 0 ? host?.name : undefined;
}

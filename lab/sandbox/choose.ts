import type { SandboxTrial } from '../../src/model/record.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { hostSandbox } from './host.ts';
import { lacking } from './locate.ts';
import { noSandbox } from './none.ts';
import { qemuSandbox } from './qemu/index.ts';
import type { QemuOptions } from './qemu/prepare.ts';
import type { Attempt, Sandbox, SandboxChoice, SandboxNeeds } from './types.ts';
import { builtUmlSandbox, umlSandbox } from './uml.ts';

/** In the order in which they are tried. */
export const sandboxes = (qemu: QemuOptions = {}): Sandbox[] => [
  noSandbox,
  hostSandbox,
  umlSandbox,
  builtUmlSandbox,
  qemuSandbox(qemu),
];

/**
 * Tries host, then uml (Debian's kernel, then one that was built here), then qemu (or only the named one), and takes the first that can do what the lab needs;
 * a lab whose hosts are elsewhere has no sandbox unless one is named.
 * @throws {LabUnavailable} naming each and why not, with the command that installs what is missing as its hint.
 */
export async function chooseSandbox(
  which: 'auto' | Sandbox['kind'],
  needs: SandboxNeeds,
  inOrder: Sandbox[] = sandboxes(),
): Promise<SandboxChoice> {
  const missing = await missingPrograms(needs);
  if (missing)
    throw new LabUnavailable(
      `the directors of this lab cannot be started: ${missing.why}`,
      missing.install === undefined ? {} : { hint: missing.install },
    );
  const trials: SandboxTrial[] = [];
  let install: string | undefined;
  const isWanted = ({ kind }: Sandbox) =>
    which === 'auto' ? (kind === 'none') === (needs.elsewhere ?? false) : kind === which;
  for (const sandbox of inOrder.filter(isWanted)) {
    const attempt = await sandbox.attempt(needs);
    trials.push({ sandbox: sandbox.kind, taken: attempt.ok, why: attempt.why });
    if (attempt.ok) return { sandbox, trials };
    install ??= attempt.install;
  }
  const reasons = trials.map(({ sandbox, why }) => `${sandbox}: ${why}`).join('; ');
  throw new LabUnavailable(`no sandbox can run this lab (${reasons})`, install ? { hint: install } : {});
}

/** Programs of its directors that this machine, and so every sandbox, lacks; undefined where it has them. */
export const missingPrograms = ({ programs = [] }: SandboxNeeds): Promise<Attempt | undefined> =>
  lacking(programs);

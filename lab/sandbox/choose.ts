import type { SandboxTrial } from '../../src/model/record.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { hostSandbox } from './host.ts';
import { lacking } from './locate.ts';
import { noSandbox } from './none.ts';
import { qemuSandbox } from './qemu/index.ts';
import type { QemuOptions } from './qemu/prepare.ts';
import type { Sandbox, SandboxChoice, SandboxNeeds } from './types.ts';
import { umlSandbox } from './uml.ts';

/** In the order in which they are tried. */
export const sandboxes = (qemu: QemuOptions = {}): Sandbox[] => [
  noSandbox,
  hostSandbox,
  umlSandbox,
  qemuSandbox(qemu),
];

/**
 * Tries host, then uml, then qemu (or only the named one), and takes the first that can do what the lab needs;
 * a lab whose hosts are elsewhere has no sandbox unless one is named.
 * @throws {LabUnavailable} naming each and why not, with the command that installs what is missing as its hint.
 */
export async function chooseSandbox(
  which: 'auto' | Sandbox['kind'],
  needs: SandboxNeeds,
  inOrder: Sandbox[] = sandboxes(),
): Promise<SandboxChoice> {
  await refuseWithout(needs);
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

/**
 * Every sandbox has the programs of this machine.
 * @throws {LabUnavailable} where the directors' are not among them, with the command that installs them as its hint.
 */
export async function refuseWithout({ programs = [] }: SandboxNeeds): Promise<void> {
  const missing = await lacking(programs);
  if (missing)
    throw new LabUnavailable(`the directors of this lab cannot be started: ${missing.why}`, {
      hint: missing.install,
    });
}

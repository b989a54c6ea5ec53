import type { Command } from 'commander';
import { kernelForVirtualTime, missingBuildTools } from '../../../lab/kernel/index.ts';
import { inspectMachine } from '../../../lab/machine/index.ts';
import {
  hostSandbox,
  qemuSandbox,
  type Sandbox,
  type SandboxNeeds,
  umlSandbox,
} from '../../../lab/sandbox/index.ts';
import { exitCode } from '../../util/errors.ts';

export function addDoctor(program: Command, setExit: (code: number) => void): void {
  program
    .command('doctor')
    .summary('say what this machine can do, what is missing, and the command that installs it')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  drlab doctor')
    .action(async (options: { json?: boolean }) => {
      const [findings, sandboxes] = await Promise.all([inspectMachine(), trySandboxes()]);
      const ready = sandboxes.some((one) => one.ok && one.needs === 'ipvs');
      if (options.json) process.stdout.write(`${JSON.stringify({ ready, sandboxes, findings }, null, 2)}\n`);
      else {
        const rows = [...sandboxes.map(sandboxRow), '', ...findings.map(findingRow), ''];
        const end = ready
          ? 'This machine can run IPVS labs: npm start'
          : 'No sandbox here can run IPVS: install what is missing above.';
        process.stdout.write(`${[...rows, end].join('\n')}\n`);
      }
      setExit(ready ? exitCode.conformant : exitCode.unavailable);
    });
}

interface Tried {
  sandbox: Sandbox['kind'];
  needs: string;
  ok: boolean;
  why: string;
  install?: string;
}

const trials: [Sandbox, string, SandboxNeeds][] = [
  [hostSandbox, 'ipvs', { ipvs: true, nftNetdev: false }],
  [hostSandbox, 'nftables', { ipvs: false, nftNetdev: true }],
  [umlSandbox, 'ipvs', { ipvs: true, nftNetdev: false }],
  [qemuSandbox(), 'ipvs', { ipvs: true, nftNetdev: false }],
];

const trySandboxes = (): Promise<Tried[]> =>
  Promise.all([
    ...trials.map(async ([sandbox, needs, kernel]) => ({
      sandbox: sandbox.kind,
      needs,
      ...(await sandbox.attempt(kernel)),
    })),
    tryVirtualTime(),
  ]);

async function tryVirtualTime(): Promise<Tried> {
  const of = { sandbox: 'uml', needs: 'virtual time' } as const;
  const kernel = await kernelForVirtualTime();
  if (!('none' in kernel)) return { ...of, ok: true, why: `${kernel.name}, built here` };
  const missing = await missingBuildTools();
  const install = [...(missing ? [missing.install] : []), 'drlab kernel build'].join(' && ');
  return { ...of, ok: false, why: kernel.none, install };
}

const mark = (ok: boolean): string => (ok ? 'ok     ' : 'missing');

const sandboxRow = ({ sandbox, needs, ok, why, install }: Tried): string =>
  `${ok ? 'ok     ' : 'no     '} sandbox ${sandbox} with ${needs}: ${why}${install ? `\n          ${install}` : ''}`;

function findingRow({
  name,
  ok,
  found,
  neededFor,
  install,
}: Awaited<ReturnType<typeof inspectMachine>>[number]): string {
  return `${mark(ok)} ${name.padEnd(18)} ${found} (${neededFor})${install && !ok ? `\n          ${install}` : ''}`;
}

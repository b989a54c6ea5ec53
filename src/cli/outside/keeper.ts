import { readFileSync } from 'node:fs';
import { holdOrderSchema } from '../../model/schema/state.ts';
import { readStored } from '../../model/stored/file.ts';
import { DrlabError, messageOf } from '../../util/errors.ts';
import { interruptible } from './context.ts';
import { labDir, processId, saveLab } from './labs.ts';
import { launch, needsOf } from './launch.ts';

/** Keeps one lab up in the background; ends with a signal, and the lab with it. Tells its parent by IPC. */

async function main(orderPath: string): Promise<void> {
  const { file, spec } = readStored(orderPath, holdOrderSchema, { hint: 'drlab lab up writes it.' });
  let sandboxPid = 0;
  const launched = await launch({
    job: { kind: 'hold', spec, outDir: labDir(spec.name) },
    sandbox: 'host',
    needs: needsOf(spec),
    onStart: (pid) => {
      sandboxPid = pid;
    },
    onEvent: (event) => {
      if (event.type === 'progress') tell({ progress: event.text });
      if (event.type === 'fault') tell({ failed: event.message, exit: event.exit });
      if (event.type !== 'lab-up') return;
      void saveLab({
        name: spec.name,
        file,
        keeper: processId(process.pid),
        sandbox: processId(firstChild(sandboxPid)),
        hosts: spec.hosts.map(({ name, role, ip }) => ({ name, role, ip })),
        since: new Date().toISOString(),
      }).then(() => tell({ up: event.tookMs }));
    },
    signal: interruptible(),
  });
  tell({ failed: launched.problem ?? 'the lab ended', exit: 69 });
}

/** The sandbox's outermost process stays outside the pid namespace; its only child is the first one inside. */
function firstChild(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

export type KeeperNews =
  | { progress: string }
  | { up: number }
  | { failed: string; exit: number; hint?: string };

function tell(news: KeeperNews): void {
  if (process.connected) process.send?.(news);
}

try {
  await main(process.argv[2] ?? '');
} catch (error) {
  const hint = error instanceof DrlabError && error.hint !== undefined ? { hint: error.hint } : {};
  tell({ failed: messageOf(error), exit: error instanceof DrlabError ? error.exit : 70, ...hint });
}
process.exit(0);

import { filesSay } from '../../src/model/files.ts';
import { type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import type { AgentProcess } from '../agent/process.ts';
import type { LabHost } from '../faults/index.ts';
import { directorOn, endedEarly, startPassing } from '../files/index.ts';
import type { AwaitHolding } from './settle.ts';

/** How a lab comes up whose hosts bring files. */

/** What ends before anybody serves: sysctls, addresses, filters, rules. */
export async function startOnFiles<H extends LabHost>(
  { hosts }: LabSpec,
  host: (name: string) => H,
  progress: (text: string) => void,
): Promise<void> {
  const brought = hosts.filter(({ files }) => files);
  if (brought.length === 0) return;
  progress(`starting ${brought.map(({ name }) => name).join(', ')} on their files`);
  for (const one of brought) await startPassing(one, host(one.name));
}

/** Never resolves. @throws what the daemon of a director said that ended on its own files. */
export async function refusedLate(
  director: HostSpec,
  host: LabHost,
  daemon: AgentProcess | undefined,
): Promise<never> {
  const code = filesSay(director, 'directing') && daemon ? await daemon.exited : undefined;
  const refused = code === undefined ? undefined : await endedEarly(director, host, code);
  if (refused) throw refused;
  return new Promise(() => {});
}

/** Where files decide which director has a VIP, one of them has to have it. */
export async function vipsOfNobody<H>(
  spec: LabSpec,
  host: (name: string) => H,
  holding: AwaitHolding<H>,
): Promise<string | undefined> {
  const deciding = hostsOf(spec, 'director').filter((one) => filesSay(one, 'directing'));
  const [first] = deciding;
  if (!first) return undefined;
  const mayHold = vipsOf(spec);
  let unheld = mayHold;
  const held = async (): Promise<true | undefined> => {
    const missing = await Promise.all(
      unheld.map(async (vip) => {
        const one = { vips: [vip], mayHold, ipvsServices: [], withinMs: 0 };
        const lacking = await Promise.all(deciding.map(({ name }) => holding(host(name), spec, one)));
        return lacking.includes(undefined) ? [] : [vip];
      }),
    );
    unheld = missing.flat();
    return unheld.length === 0 || undefined;
  };
  const { withinMs } = directorOn(spec, first).holds(spec, first);
  try {
    await until('a director to hold each VIP', held, { withinMs, everyMs: 200 });
    return undefined;
  } catch (error) {
    if (error instanceof TimedOut) return `no director holds ${unheld.join(', ')}`;
    throw error;
  }
}

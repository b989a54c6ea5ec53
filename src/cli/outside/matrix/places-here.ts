import { driverOf } from '../../../../lab/drivers.ts';
import { cachedKernels, seriesOf } from '../../../../lab/kernel/index.ts';
import { type SandboxNeeds, sandboxes } from '../../../../lab/sandbox/index.ts';
import { kernelNeedsOf } from '../../../model/director-kinds.ts';
import { driverTraits } from '../../../model/driver-traits.ts';
import { defaultDirectorKind } from '../../../model/kinds.ts';
import type { Place } from '../../../model/matrix.ts';
import { parsePlaces } from '../../../model/matrixfile/index.ts';

/** The places that this machine can do, found by trying, and why it cannot do the others. */
export async function placesHere(): Promise<{ places: Place[]; leftOut: string[] }> {
  const series = [...new Set((await cachedKernels()).map(({ release }) => seriesOf(release)))];
  const candidates = parsePlaces([
    ...['netns/uml/ipvsadm', 'netns/uml/keepalived', 'netns/host/ipvsadm', 'netns/host/nftables'],
    'docker/host/nftables',
    ...series.reverse().map((one) => `netns/qemu:${one}/keepalived`),
  ]);
  const places: Place[] = [];
  const leftOut: string[] = [];
  // One after the other: a trial may boot a kernel.
  for (const place of candidates) {
    const why = await whyNot(place);
    if (why === undefined) places.push(place);
    else leftOut.push(`${place.name}: ${why}`);
  }
  return { places, leftOut };
}

async function whyNot({ driver, sandbox: wanted, director, kernel }: Place): Promise<string | undefined> {
  const sandbox = sandboxes(kernel === undefined ? {} : { kernel }).find(({ kind }) => kind === wanted);
  if (!sandbox) return `there is no sandbox ${wanted}`;
  const kind = director ?? defaultDirectorKind;
  const { plain } = driverTraits[driver ?? 'netns'];
  const needs: SandboxNeeds = {
    ...kernelNeedsOf(kind),
    ...(plain && driverOf({ driver: plain }).needs({ driver: plain, director: { kind } })),
  };
  const { ok, why } = await sandbox.attempt(needs);
  return ok ? undefined : why;
}

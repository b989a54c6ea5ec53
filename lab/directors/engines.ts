import type { Host } from '../../src/model/host.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';

/** A service on a mark that no packet has; it goes at once. */
const trial = (engine: string): string =>
  `ipvsadm -A -f 64998 -s rr -p 60 --pe ${engine} && ipvsadm -D -f 64998`;

/** @throws {LabUnavailable} where the kernel of a director has not the engines that services ask for. */
export async function expectEngines(
  { services }: LabSpec,
  { name }: HostSpec,
  host: Pick<Host, 'exec'>,
): Promise<void> {
  for (const engine of new Set(services.flatMap(({ persistenceEngine = [] }) => persistenceEngine))) {
    const { code, stderr } = await host.exec(trial(engine), { okCodes: [0, 1, 2, 255] });
    if (code === 0) continue;
    throw new LabUnavailable(`the kernel of ${name} has no persistence engine ${engine} (${stderr.trim()})`, {
      hint: `load ip_vs_pe_${engine}, or build the kernel with CONFIG_IP_VS_PE_${engine.toUpperCase()}`,
    });
  }
}

import { type ProgramWord, programCommand, rowsOf } from '../../src/programs/index.ts';

/** RFC 5227: three probes, and time to answer the last. Shorter pauses than it has, since these are LANs. */
const probeWaitsS = '0.2,0.2,0.8';

/**
 * Duplicate address detection, before a lab uses an address on a segment that is not its own (RFC 5227).
 * @param device interface on the segment, where the program is run.
 * @param run runs a program there; resolves with its standard output.
 * @returns each address that somebody has, with the MAC address that answered.
 */
export async function holdersOf(
  addresses: string[],
  device: string,
  run: (argv: string[]) => Promise<string>,
): Promise<[address: string, mac: string][]> {
  const words: ProgramWord[] = [device, '0.0.0.0', 0, probeWaitsS, ...addresses];
  const holders = new Map<string, string>();
  for (const [kind, address = '', mac = ''] of rowsOf(await run(programCommand('arp', words))))
    if (kind === 'reply' && !holders.has(address)) holders.set(address, mac);
  return [...holders];
}

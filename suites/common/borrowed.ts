import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf } from '../../src/model/spec.ts';
import { segmentsOf } from '../../src/model/topology.ts';
import { clientOf } from './subjects.ts';

/**
 * Runs `work` with `count` more addresses on the first client, away from those that labs hand out, and takes them back;
 * with its own address alone on a machine that drlab did not make, and on a fabric that lets no other through.
 */
export async function withBorrowedAddresses<T>(
  lab: Lab,
  count: number,
  work: (addresses: string[]) => Promise<T>,
): Promise<T> {
  const { spec } = lab;
  const client = clientOf(spec);
  const segment = segmentsOf(spec).find(({ name }) => name === client.segment);
  if (driverTraitsOf(spec).existingHosts !== undefined || segment?.portSecurity) return work([client.ip]);
  const { ip: base, prefixLength } = client;
  const free = freeAddresses(spec, count, { network: { base, prefixLength } });
  const lines = (verb: string): string =>
    free.map((ip) => `address ${verb} ${ip}/${prefixLength} dev ${deviceOf(client)}`).join('\n');
  const batch = (verb: string): string => `ip -force -batch - <<'END'\n${lines(verb)}\nEND`;
  const host = lab.host(client.name);
  await host.exec(batch('replace'));
  try {
    return await work(free);
  } finally {
    await host.exec(batch('del'), { okCodes: [0, 1] });
  }
}

import type { Host } from '../../src/model/host.ts';
import { CannotHere } from '../../src/util/errors.ts';

const rule = 'iptables-legacy -t mangle %s PREROUTING -m conntrack --ctstate NEW';

/**
 * Connection tracking works in a network namespace only while a rule there asks for it; this is one that does nothing else.
 * @throws {CannotHere} where iptables cannot match states.
 */
export async function whileTracking<T>(host: Host, work: () => Promise<T>): Promise<T> {
  const { code, stderr } = await host.exec(rule.replace('%s', '-A'), { okCodes: [0, 1, 2, 3, 4, 127] });
  if (code !== 0) throw new CannotHere(`${host.name} cannot track connections: ${stderr.trim()}`);
  try {
    return await work();
  } finally {
    await host.exec(rule.replace('%s', '-D'));
  }
}

/** Rows of the tracking table of a host, as `conntrack -L` prints them. */
export async function trackedOn(host: Host): Promise<string[]> {
  const { code, stdout, stderr } = await host.exec('exec conntrack -L', { okCodes: [0, 1] });
  if (code !== 0) throw new CannotHere(`conntrack on ${host.name}: ${stderr.trim()}`);
  return stdout.split('\n').filter((line) => line !== '');
}

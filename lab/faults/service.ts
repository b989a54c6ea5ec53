import { serversOf } from '../../src/model/spec.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import type { Parts } from './parts.ts';

export async function killService(parts: Parts, realServer: string): Promise<void> {
  await parts.servers.kill(realServer);
  await expectListening(parts, realServer, false);
}

export async function restartService(parts: Parts, realServer: string): Promise<void> {
  await parts.servers.restart(realServer);
  await expectListening(parts, realServer, true);
}

/**
 * Looks at the sockets themselves: state 0A is LISTEN; UDP sockets have no such state. A server may listen on `::`
 * for both families.
 */
async function expectListening(parts: Parts, realServer: string, expected: boolean): Promise<void> {
  const { spec } = parts;
  const ports = new Set(
    spec.services
      .filter((s) => s.protocol === 'tcp' && serversOf(s).includes(realServer))
      .map((s) => s.port.toString(16).toUpperCase().padStart(4, '0')),
  );
  let seen = '';
  await until(
    `${realServer} ${expected ? 'to listen' : 'to stop listening'}`,
    async () => {
      const script = `for file in /proc/net/tcp /proc/net/tcp6; do
  [ ! -r "$file" ] || while read -r _ local _ state _; do echo "$state:$local"; done <"$file"
done`;
      seen = (await parts.host(realServer).exec(script)).stdout;
      const listening = [...ports].filter((port) => new RegExp(`^0A:[0-9A-F]+:${port}$`, 'm').test(seen));
      return listening.length === (expected ? ports.size : 0) || undefined;
    },
    { withinMs: timeoutMs.ready, lastSeen: () => seen },
  );
}

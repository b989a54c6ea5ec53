import type { FaultSpec } from '../../src/model/fault.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import { hostSpec, hostsOf, type ServiceSpec } from '../../src/model/spec.ts';
import { runProgram } from '../../src/programs/index.ts';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { until } from '../../src/util/until.ts';
import { ask } from './ask.ts';
import type { Fault } from './fault.ts';
import { worksOf } from './link.ts';
import type { Parts } from './parts.ts';

/** Of flood.pl: so many connections of each source address. */
const portsEach = 50_000;
const firstPort = 10_000;
/** Of nobody. */
const floodMac = '02:99:00:00:00:01';
const sysctls = ['amemthresh', 'drop_packet'] as const;
type Values = Record<(typeof sysctls)[number], number>;

/** More pages than any machine has: the kernel then takes its memory for short. */
const beyondMemoryPages = 2_147_483_647;

/**
 * ipvs-sysctl.rst, drop_packet: with 1, the kernel itself makes it 2 while free memory is below `amemthresh`, and then
 * drops one in `amemthresh / (amemthresh - free)` packets that would need a new entry: each, when so much is missing.
 * It makes it 1 again when memory is back. It looks once a second.
 */
export function tableFull(
  { host: name, entries }: Extract<FaultSpec, { kind: 'tableFull' }>,
  parts: Parts,
): Fault {
  const { spec } = parts;
  const director = parts.host(name);
  const service = spec.services.find(({ vip, protocol }) => protocol === 'tcp' && !isIpv6(vip));
  const sources = freeAddresses(spec, Math.ceil(entries / portsEach));
  let before: Values | undefined;

  const read = async (): Promise<Values> => {
    const paths = sysctls.map((key) => `/proc/sys/net/ipv4/vs/${key}`).join(' ');
    const [amemthresh = 0, drop_packet = 0] = (await director.exec(`exec cat ${paths}`)).stdout
      .split('\n')
      .map(Number);
    return { amemthresh, drop_packet };
  };
  const write = (values: Partial<Values>) =>
    director.exec(
      Object.entries(values)
        .map(([key, value]) => `echo ${value} >/proc/sys/net/ipv4/vs/${key}`)
        .join(' && '),
    );
  const becomes = (wanted: number) =>
    until(
      `IPVS of ${name} to see its memory as ${wanted === 2 ? 'short' : 'enough'}`,
      async () => (await read()).drop_packet === wanted || undefined,
      { withinMs: timeoutMs.ready },
    );
  const send = (segment: Flood['segment']) => flood(parts, name, { service, sources, segment, entries });

  return {
    async apply() {
      await send('syn');
      before = await read();
      await write({ amemthresh: beyondMemoryPages, drop_packet: 1 });
      await becomes(2);
    },
    async verify() {
      const pattern = sources.map((source) => hex(source)).join('|');
      const { stdout } = await director.exec(
        `grep -cE '^TCP (${pattern || 'none'}) ' /proc/net/ip_vs_conn; true`,
      );
      const client = hostsOf(spec, 'client')[0];
      const asked =
        client &&
        service &&
        (await ask(parts.host(client.name), { address: service.vip, port: service.port }, 1_000));
      const halfOpen = Number(stdout);
      const sentence = `${name} holds ${halfOpen} half-open connections; a new one was ${asked?.outcome ?? 'not tried'}`;
      return {
        happened: asked?.outcome === 'silent',
        sentence,
        data: { halfOpen, newConnection: asked ?? null },
      };
    },
    async revert() {
      if (!before) return;
      await write({ amemthresh: before.amemthresh });
      if (before.drop_packet < 2) {
        await becomes(1);
        await write({ drop_packet: before.drop_packet });
      }
      await send('rst');
    },
  };
}

interface Flood {
  service: ServiceSpec | undefined;
  sources: string[];
  segment: 'syn' | 'rst';
  entries: number;
}

/** From addresses that nobody has, so that nobody answers; an entry that was reset goes after ten seconds. */
async function flood(
  parts: Parts,
  director: string,
  { service, sources, segment, entries }: Flood,
): Promise<void> {
  if (!service || entries === 0) return;
  const { mac } = hostSpec(parts.spec, director);
  const { lanBridge, switchHost } = worksOf(parts);
  const ends = [lanBridge, floodMac, mac, service.vip, service.port];
  const words = [...ends, firstPort, entries, 1, segment, ...sources];
  await runProgram(switchHost, 'flood', words);
}

/** As /proc/net/ip_vs_conn writes addresses. */
const hex = (address: string): string =>
  (parseIpv4(address) ?? 0).toString(16).toUpperCase().padStart(8, '0');

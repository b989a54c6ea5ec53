import type { SandboxOffer } from '../base/lacks.ts';
import type { ContainerHost } from './host.ts';

const programs = ['tcpdump', 'iperf3'];

/** What the containers offer, asked once of one of them. */
export async function offerOf(host: ContainerHost): Promise<SandboxOffer & { protoDown: boolean }> {
  const { stdout } = await host.exec(
    [
      ...programs.map((program) => `command -v ${program} >/dev/null && echo ${program}`),
      '[ -e /proc/net/ip_vs ] && echo ipvs',
      'grep -q time-travel /proc/cmdline && echo virtual',
      'ip link set eth0 protodown off 2>/dev/null && echo protodown',
      'true',
    ].join('\n'),
  );
  const found = new Set(stdout.split('\n'));
  return {
    has: (program) => found.has(program),
    ipvs: found.has('ipvs'),
    virtualTime: found.has('virtual'),
    protoDown: found.has('protodown'),
  };
}

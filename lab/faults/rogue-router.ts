import type { FaultSpec } from '../../src/model/fault.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import type { Host } from '../../src/model/host.ts';
import { type HostSpec, hostsOf, type LabSpec, vipsOf, vrrpInstancesOf } from '../../src/model/spec.ts';
import { runProgram } from '../../src/programs/index.ts';
import { until } from '../../src/util/until.ts';
import { keepalivedCommand, keepalivedConfFile } from '../directors/index.ts';
import type { Fault } from './fault.ts';
import { worksOf } from './link.ts';
import type { LabHost, Parts } from './parts.ts';

const rogueName = 'drlab-rogue';

/**
 * A keepalived on the segment that is not of the lab, for VRRP alone: whoever believes it, sends to a host that forwards nothing.
 * It ends without a farewell, so the directors notice by their timers.
 */
export function rogueRouter({ priority }: Extract<FaultSpec, { kind: 'rogueRouter' }>, parts: Parts): Fault {
  const works = worksOf(parts);
  const { spec } = parts;
  const rogue = rogueIn(spec);
  let host: LabHost | undefined;
  return {
    async apply() {
      host = await works.connect(rogue);
      await host.put(keepalivedConfFile, rogueConf(spec, rogue, priority));
      await host.spawn(['sh', '-c', await keepalivedCommand(host, '-P')]);
    },
    async verify() {
      const vips = vipsOf(spec);
      const held = async (one: Pick<Host, 'exec'>) => {
        const { stdout } = await one.exec('exec ip -o addr show');
        return vips.filter((vip) => stdout.includes(` ${vip}/`));
      };
      const look = async () => {
        if (!host) throw new Error('the rogue router is not there');
        const directors = hostsOf(parts.spec, 'director').map(({ name }) => name);
        const all = await Promise.all([held(host), ...directors.map((name) => held(parts.host(name)))]);
        return new Map([rogueName, ...directors].map((name, i) => [name, all[i] ?? []]));
      };
      const won = (holders: Map<string, string[]>) =>
        [...holders].every(([name, some]) => some.length === (name === rogueName ? vips.length : 0));
      const withinMs = 5 * (spec.director.vrrp?.advertMs ?? 0) + 5_000;
      await until('the rogue router to win', async () => won(await look()) || undefined, { withinMs }).catch(
        () => {},
      );
      const holders = await look();
      const sentence = [...holders]
        .map(([name, some]) => `${name} holds ${some.join(', ') || 'no VIP'}`)
        .join('; ');
      return { happened: won(holders), sentence, data: { holders: Object.fromEntries(holders) } };
    },
    async revert() {
      if (!host) return;
      await runProgram(works.sandbox, 'processes', ['KILL', rogueName]);
      await works.disconnect(rogueName);
    },
  };
}

/** The rogue router's configuration: the virtual routers of the lab with its own priority, and no services. Pure. */
export function rogueConf(spec: LabSpec, rogue: HostSpec, priority: number): string {
  const { vrrp } = spec.director;
  if (!vrrp) throw new Error('the directors of the lab do not speak VRRP');
  const peers = vrrp.unicast ? hostsOf(spec, 'director').map(({ ip }) => ip) : [];
  const instances = vrrpInstancesOf(spec).flatMap(({ name, virtualRouterId, vips }) =>
    block(`vrrp_instance ${name}`, [
      'state MASTER',
      'interface eth0',
      `version ${vrrp.version}`,
      `virtual_router_id ${virtualRouterId}`,
      `priority ${priority}`,
      `advert_int ${vrrp.advertMs / 1000}`,
      ...(peers.length > 0 ? [`unicast_src_ip ${rogue.ip}`, ...block('unicast_peer', peers)] : []),
      ...block(
        'virtual_ipaddress',
        vips.map((vip) => `${vip}/32 dev eth0`),
      ),
    ]),
  );
  return `${[...block('global_defs', [`router_id ${rogue.name}`]), ...instances].join('\n')}\n`;
}

const block = (head: string, lines: string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];

/** One more machine, at an address that nobody has. */
export function rogueIn(spec: LabSpec): HostSpec {
  const [director] = hostsOf(spec, 'director');
  const [ip = ''] = freeAddresses(spec, 1);
  if (!director) throw new Error('the lab has no director');
  const { prefixLength } = director;
  const mac = '02:99:00:00:00:02';
  return { name: rogueName, role: 'director', ip, prefixLength, mac, sysctls: {}, segment: 'lan' };
}

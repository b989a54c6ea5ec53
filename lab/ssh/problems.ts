import { hasIpvs, traitsOf } from '../../src/model/director-kinds.ts';
import { dataPlanes, directorTraits } from '../../src/model/director-traits.ts';
import { methodsOf } from '../../src/model/forwarding.ts';
import { deviceOf, type HostSpec, type LabSpec, type SshSpec, vipsOf } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import type { Inspection } from './inspect.ts';

/** Debian's package of each program that may be missing on a machine. */
const packages: Record<string, string> = {
  ip: 'iproute2',
  tc: 'iproute2',
  sysctl: 'procps',
  tcpdump: 'tcpdump',
  node: 'nodejs',
  flock: 'util-linux',
  sed: 'sed',
  sync: 'coreutils',
  tar: 'tar',
  grep: 'grep',
  ...Object.fromEntries(
    Object.values(directorTraits)
      .flatMap(({ programs }) => programs)
      .map((program) => [program.name, program.package]),
  ),
};

/** Why this machine cannot play its part, most basic first; undefined when it can. */
export function machineProblem(spec: LabSpec, host: HostSpec, found: Inspection): LabUnavailable | undefined {
  const { readOnly } = spec.driver as SshSpec;
  return (
    missingPrograms(spec, host, found, readOnly) ??
    wrongDevice(host, found) ??
    (readOnly ? undefined : (notRoot(host, found) ?? leftOver(host, found) ?? inTheWay(spec, host, found)))
  );
}

/** To look at a director its data plane's program is enough. */
function directorPrograms(spec: LabSpec, readOnly: boolean): string[] {
  const { dataPlane, programs } = traitsOf(spec);
  return [dataPlanes[dataPlane].program, ...(readOnly ? [] : programs)].map(({ name }) => name);
}

function missingPrograms(spec: LabSpec, host: HostSpec, found: Inspection, readOnly: boolean) {
  const needed = readOnly ? ['ip', 'grep'] : ['ip', 'grep', 'flock', 'sed', 'sync'];
  if (!readOnly && (host.role === 'client' || host.role === 'realServer')) needed.push('node', 'tar');
  if (host.role === 'director') needed.push(...directorPrograms(spec, readOnly));
  const missing = [...new Set(needed)].filter((program) => !found.programs.has(program));
  if (missing.length > 0) {
    const install = [...new Set(missing.map((program) => packages[program] ?? program))].join(' ');
    return new LabUnavailable(`${host.name} lacks ${missing.join(', ')}`, {
      hint: `there, as root: apt-get update && apt-get install -y --no-install-recommends ${install}`,
    });
  }
  if (needed.includes('node') && (found.nodeMajor ?? 0) < 18) {
    return new LabUnavailable(
      `${host.name} has Node ${found.nodeMajor}, and what runs there needs 18 or newer`,
      {
        hint: 'there, as root: install a newer nodejs, such as that of nodejs.org',
      },
    );
  }
  return undefined;
}

function wrongDevice(host: HostSpec, found: Inspection) {
  const device = deviceOf(host);
  const link = found.links.find(({ name }) => name === device);
  const holder = found.links.find(({ addresses }) => addresses.some(({ ip }) => ip === host.ip));
  const others = found.links.filter(({ name }) => name !== 'lo').map(({ name }) => name);
  if (!link) {
    return new LabUnavailable(
      `${host.name} has no interface ${device}; it has ${others.join(', ') || 'none'}`,
      {
        hint: holder
          ? `${host.ip} is on ${holder.name}: say so in the lab file (device: ${holder.name})`
          : 'name the one on the segment in the lab file, such as device: ens3',
      },
    );
  }
  if (!link.up) {
    return new LabUnavailable(`the interface ${device} of ${host.name} is down`, {
      hint: `there, as root: ip link set ${device} up`,
    });
  }
  if (holder?.name === device) return undefined;
  const has =
    link.addresses.map(({ ip, prefixLength }) => `${ip}/${prefixLength}`).join(', ') || 'no address';
  return new LabUnavailable(
    `${host.name} does not have the address ${host.ip} on ${device}, which has ${has}`,
    {
      hint: holder
        ? `it is on ${holder.name}: say so in the lab file (device: ${holder.name})`
        : 'machines keep their own addresses: write the one that it has into the lab file (ip: …)',
    },
  );
}

const notRoot = (host: HostSpec, found: Inspection) =>
  found.uid === 0
    ? undefined
    : new LabUnavailable(`${host.machine?.user} is not root on ${host.name}, and may not use sudo`, {
        hint: 'in the lab file: machine: { user: root }, or { sudo: true }; or observe only: driver: { ssh: { readOnly: true } }',
      });

const leftOver = (host: HostSpec, found: Inspection) =>
  found.ledgers.length === 0
    ? undefined
    : new LabUnavailable(
        `${host.name} is in use by a lab, or one was not taken down there: ${found.ledgers.join(', ')}`,
        { hint: 'undo what a crash left (a lab that is up is not touched): drlab lab sweep --lab FILE' },
      );

/** A director that already directs is somebody's: nothing of it is mixed with ours. */
function inTheWay(spec: LabSpec, host: HostSpec, found: Inspection) {
  const held = (vip: string) =>
    found.links.find(({ addresses }) => addresses.some(({ ip }) => ip === vip))?.name;
  if (host.role !== 'director') return undefined;
  const look = 'observe it without changing it: driver: { ssh: { readOnly: true } }';
  if (found.keepalived.length > 0) {
    return new LabUnavailable(`keepalived is running on ${host.name} (process ${found.keepalived[0]})`, {
      hint: `stop it there (systemctl stop keepalived), or ${look}`,
    });
  }
  if (found.ipvs && found.ipvs.length > 0) {
    return new LabUnavailable(`${host.name} has IPVS rules of its own (${found.ipvs.length} lines)`, {
      hint: `save and clear them there (ipvsadm-save >rules; ipvsadm -C), or ${look}`,
    });
  }
  const vip = vipsOf(spec).find(held);
  if (vip !== undefined) {
    return new LabUnavailable(`${host.name} already has the VIP ${vip}, on ${held(vip)}`, {
      hint: `remove it there (ip addr del ${vip} dev ${held(vip)}), choose another VIP, or ${look}`,
    });
  }
  if (!hasIpvs(spec.director.kind) && found.nftTables.includes('netdev drlab')) {
    return new LabUnavailable(`${host.name} already has an nftables table «netdev drlab»`, {
      hint: 'if it is no longer needed: nft delete table netdev drlab',
    });
  }
  return undefined;
}

/** What a lab file may ask for and machines that exist cannot be given back from. */
export function specProblem(spec: LabSpec): LabUnavailable | undefined {
  const impaired = spec.hosts.find(({ link }) => link !== undefined);
  if (impaired) {
    return new LabUnavailable(
      `${impaired.name} has an impaired link in the lab file, but its link is a real one`,
      {
        hint: 'leave «link» out of the lab file; delay and loss are for labs that drlab makes itself',
      },
    );
  }
  const hooks = [...spec.hooks.afterApply, ...spec.hooks.beforeTeardown];
  if (hooks.length > 0) {
    return new LabUnavailable('hooks are not run on existing machines: their effects could not be undone', {
      hint: 'leave «hooks» out of the lab file, or use the driver netns',
    });
  }
  if (methodsOf(spec).includes('tun')) {
    return new LabUnavailable('the forwarding method tun is not set up on existing machines', {
      hint: 'use forward: dr, or the driver netns',
    });
  }
  const nameless = spec.hosts.find(({ machine }) => machine === undefined);
  if (nameless) return new LabUnavailable(`${nameless.name} has no machine in the lab file`);
  return undefined;
}

import type { ContainerCreateOptions } from 'dockerode';
import { sysctlsToWrite } from '../../src/model/files.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { bindsOf } from './brought-folders.ts';
import { isOlder } from './client.ts';
import { hostFolder, type LabImage } from './image.ts';

export interface Surroundings {
  /** Prefix of every name in this lab. */
  prefix: string;
  labels: Record<string, string>;
  image: LabImage;
  apiVersion: string;
  /** AppArmor's profile for containers forbids what a network host must do; our containers go without it. */
  appArmor: boolean;
  /** Program of the first process. */
  command: string[];
}

/** Every container's own: its first process is an agent that ends with its input, and the container with it. */
export function agentContainer(name: string, network: string, around: Surroundings): ContainerCreateOptions {
  const { prefix, labels, image, command, appArmor } = around;
  return {
    name: `${prefix}-${name}`,
    Image: image.name,
    Entrypoint: [],
    Cmd: command,
    Env: [`PATH=${path}`, 'HOME=/tmp', 'LANG=C.UTF-8'],
    WorkingDir: hostFolder,
    User: '0',
    Labels: { ...labels, 'drlab.host': name },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: network,
      Binds: image.binds,
      CapAdd: capabilities,
      ...(appArmor && { SecurityOpt: ['apparmor=unconfined'] }),
    },
  };
}

/**
 * NET_ADMIN for addresses, rules, IPVS and VRRP; NET_RAW for captures and crafted frames (Docker grants it by
 * default, an administrator may not). No SYS_ADMIN: nothing in a container enters a namespace or mounts.
 */
const capabilities = ['NET_ADMIN', 'NET_RAW'];
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A host of the lab: the container has the host's address and MAC address from its first moment. */
export function hostContainer(host: HostSpec, network: string, around: Surroundings): ContainerCreateOptions {
  const common = agentContainer(host.name, network, around);
  const perEndpoint = !isOlder(around.apiVersion, '1.44');
  return {
    ...common,
    Hostname: host.name,
    ...(perEndpoint ? {} : { MacAddress: host.mac }),
    HostConfig: {
      ...common.HostConfig,
      Binds: [...around.image.binds, ...(around.image.imported ? bindsOf(host) : [])],
      Sysctls: earlySysctls(host),
      ...writableNetSysctls,
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [network]: {
          IPAMConfig: { IPv4Address: host.ip },
          ...(perEndpoint && { MacAddress: host.mac }),
        },
      },
    },
  };
}

/**
 * Those that exist before there is an interface, so that not one ARP request is answered wrongly; all are written
 * again, in order, once the interfaces are there.
 */
export function earlySysctls(host: HostSpec): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sysctlsToWrite(host)).filter(([key]) => /^net\.ipv[46]\.conf\.(all|default)\./.test(key)),
  );
}

/** As Docker has it, but /proc/sys/net stays writable: it is the container's own, unlike the rest of /proc/sys. */
const writableNetSysctls = {
  ReadonlyPaths: [
    ...['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger'],
    ...['abi', 'debug', 'dev', 'fs', 'kernel', 'user', 'vm'].map((name) => `/proc/sys/${name}`),
  ],
};

/** A user's own image beside its host: it shares the host's network and has no rights of its own there. */
export function guestContainer(host: HostSpec, image: string, around: Surroundings): ContainerCreateOptions {
  return {
    name: `${around.prefix}-${host.name}-service`,
    Image: image,
    Labels: { ...around.labels, 'drlab.host': host.name },
    HostConfig: { NetworkMode: `container:${around.prefix}-${host.name}` },
  };
}

/**
 * Docker insists on a gateway in each network: the highest address that nothing in the lab has.
 * @throws {LabUnavailable} where the network is full.
 */
export function gatewayOf(spec: LabSpec, network: LabSpec['network']): string {
  try {
    return freeAddresses(spec, 1, { network })[0] ?? '';
  } catch (cause) {
    throw new LabUnavailable(`Docker wants an address for a gateway: ${messageOf(cause)}`, { cause });
  }
}

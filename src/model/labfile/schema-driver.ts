import { z } from 'zod';
import { driversThat } from '../driver-traits.ts';
import { flag, hostName, mapping, oneOf, whole } from './schema-parts.ts';

/** What hosts are made of, as a lab file may write it. */

const endpointError = 'unix:///var/run/docker.sock, tcp://HOST:PORT or ssh://USER@HOST';
const endpoint = (orOwn: '' | 'own, ') =>
  z
    .string({ error: `${orOwn}${endpointError}` })
    .regex(
      orOwn === ''
        ? /^(unix:\/\/\/|tcp:\/\/|ssh:\/\/)[^\s]+$/
        : /^(own|(unix:\/\/\/|tcp:\/\/|ssh:\/\/)[^\s]+)$/,
      { error: `${orOwn}${endpointError}` },
    );

const imageError = 'the name of an image, such as nginx or registry.example/shop:1.4';
export const image = () =>
  z.string({ error: imageError }).regex(/^[a-z0-9][\w./:@-]{0,254}$/, { error: imageError });

const deviceError = 'the name of an interface, such as eth1';
export const device = () => z.string({ error: deviceError }).regex(/^[^\s/:]{1,15}$/, { error: deviceError });

const docker = () =>
  mapping({
    endpoint: endpoint('own, ')
      .default('own')
      .describe(
        'own (a dockerd that ends with the lab), or the address of a running Docker: unix, tcp or ssh.',
      ),
    network: oneOf(['macvlan', 'bridge']).default('macvlan').describe('Kind of network of the containers.'),
    parent: device()
      .optional()
      .describe('Interface of the Docker host under macvlan; default: a veth pair that drlab makes.'),
    image: image().optional().describe('Image of every host; default: one that drlab makes.'),
    hosts: z
      .record(hostName(), endpoint(''), { error: `a mapping such as { a: ssh://root@10.0.0.1 }` })
      .default({})
      .describe('More Docker hosts on the LAN of the parent, by the names that «on» gives.'),
  });

const ssh = () =>
  mapping({
    readOnly: flag().default(false).describe('Observes the machines and changes nothing.'),
    knownHosts: z
      .string({ error: 'the path of a file' })
      .min(1, { error: 'the path of a file' })
      .default('~/.ssh/known_hosts')
      .describe('File of host keys; a machine whose key is not listed there is refused.'),
  });

export const driver = () =>
  z.union(
    [
      oneOf(driversThat(({ plain }) => plain)),
      mapping({
        docker: docker().optional().describe('Containers on a macvlan network.'),
        ssh: ssh().optional().describe('Existing machines.'),
      }),
    ],
    { error: 'netns, docker, or a mapping such as { docker: { endpoint: own } } or { ssh: {} }' },
  );

const addressError = 'a host name or an address';
const reach = () => ({
  address: z
    .string({ error: addressError })
    .regex(/^[^\s/@]+$/, { error: addressError })
    .describe('Name or address of the machine.'),
  port: whole(1, 65535).default(22).describe('Port of its sshd.'),
  user: z
    .string({ error: 'a user name' })
    .regex(/^[^\s@:]+$/, { error: 'a user name' })
    .default('root')
    .describe('User to log in as.'),
  key: z
    .string({ error: 'the path of a private key' })
    .min(1, { error: 'the path of a private key' })
    .optional()
    .describe('Private key file; default: the agent, then the keys of the user.'),
});

const variableError = 'the name of an environment variable, such as SUDO_PASSWORD';
export const machine = () =>
  mapping({
    ...reach(),
    sudo: flag().optional().describe('Commands need sudo; default: unless the user is root.'),
    sudoPasswordFrom: z
      .string({ error: variableError })
      .regex(/^[A-Za-z_]\w*$/, { error: variableError })
      .optional()
      .describe('Environment variable that holds the password for sudo.'),
    jump: mapping(reach()).optional().describe('Jump host to connect through.'),
  }).describe('The machine that acts as this host; driver ssh only.');

export type RawDriver = z.output<ReturnType<typeof driver>>;
export type RawMachine = z.output<ReturnType<typeof machine>>;

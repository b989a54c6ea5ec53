import { describe, expect, test } from 'vitest';
import { LabFileError } from '../../util/errors.ts';
import { parseLab } from './index.ts';

const driverOf = (text: string) => parseLab(text, 'lab.yaml').driver;

function mistake(text: string): string {
  try {
    parseLab(text, 'lab.yaml');
  } catch (error) {
    if (error instanceof LabFileError) return error.message;
    throw error;
  }
  throw new Error('this lab file was accepted');
}

describe('the driver', () => {
  test('is namespaces where nothing is said', () => {
    expect(driverOf('name: web')).toEqual({ kind: 'netns' });
    expect(driverOf('driver: netns')).toEqual({ kind: 'netns' });
  });

  test('is a Docker of its own where nothing else is said', () => {
    const own = { kind: 'docker', endpoint: 'own', network: 'macvlan', hosts: {} };
    expect(driverOf('driver: docker')).toEqual(own);
    expect(driverOf('driver: { docker: {} }')).toEqual(own);
  });

  test('is spread over Docker hosts that share a LAN', () => {
    const spec = parseLab(
      `driver: { docker: { endpoint: unix:///run/d.sock, parent: eth1, image: "lvs:1", hosts: { a: ssh://root@10.9.8.7 } } }
network: { subnet: 192.168.7.0/24 }
realServers: [ { name: rs1, image: nginx, on: a }, {} ]`,
      'lab.yaml',
    );
    expect(spec.driver).toEqual({
      kind: 'docker',
      endpoint: 'unix:///run/d.sock',
      parent: 'eth1',
      image: 'lvs:1',
      network: 'macvlan',
      hosts: { a: 'ssh://root@10.9.8.7' },
    });
    const [rs1, rs2] = spec.hosts.filter(({ role }) => role === 'realServer');
    expect(rs1?.container).toEqual({ image: 'nginx', on: 'a' });
    expect(rs2).not.toHaveProperty('container');
    expect(spec.services[0]?.vip).toBe('192.168.7.100');
  });

  test('is machines, each with its way in', () => {
    const spec = parseLab(
      `driver: { ssh: { readOnly: true } }
network: { subnet: 10.1.0.0/24 }
clients: [ { ip: 10.1.0.9, device: ens3, machine: { address: client.example } } ]
directors: { hosts: [ { machine: { address: 10.1.0.2, user: ops, sudoPasswordFrom: PW, jump: { address: gate, user: me } } } ] }
realServers: [ { machine: { address: 10.1.0.3, port: 2222, key: ~/k, user: ops, sudo: false } } ]`,
      'lab.yaml',
    );
    expect(spec.driver).toEqual({ kind: 'ssh', readOnly: true, knownHosts: '~/.ssh/known_hosts' });
    const [client, director, server] = spec.hosts;
    expect(client).toMatchObject({ ip: '10.1.0.9', device: 'ens3' });
    expect(client?.machine).toEqual({ address: 'client.example', port: 22, user: 'root', sudo: false });
    expect(director?.machine).toEqual({
      address: '10.1.0.2',
      port: 22,
      user: 'ops',
      sudo: true,
      sudoPasswordFrom: 'PW',
      jump: { address: 'gate', port: 22, user: 'me' },
    });
    expect(server?.machine).toEqual({
      address: '10.1.0.3',
      port: 2222,
      user: 'ops',
      key: '~/k',
      sudo: false,
    });
  });
});

describe('mistakes', () => {
  test.each([
    ['an unknown driver', 'driver: dokcer', /1:9: «driver» is the text «dokcer»; expected netns, docker/],
    ['an unknown key', 'driver: { docker: { endpiont: own } }', /1:21.*Did you mean «endpoint»/],
    ['two drivers', 'driver: { docker: {}, ssh: {} }', /both «docker» and «ssh»/],
    ['no driver', 'driver: {}', /neither «docker» nor «ssh»/],
    ['an endpoint of no kind', 'driver: { docker: { endpoint: http://x } }', /own, unix:.*tcp:.*ssh:/],
    [
      'a host that is called own',
      'driver: { docker: { parent: e, hosts: { a: own } } }',
      /unix:.*tcp:.*ssh:/,
    ],
    ['hosts without a cable', 'driver: { docker: { hosts: { a: "tcp://h:1" } } }', /«parent»/],
    ['on in namespaces', 'realServers: [ { on: a } ]', /1:18.*driver docker.*this lab's is netns/],
    [
      'an image in namespaces',
      'realServers: { count: 2, image: nginx }',
      /«image» belongs to the driver docker/,
    ],
    [
      'on nowhere',
      'driver: { docker: { parent: e, hosts: { left: "tcp://h:1" } } }\nrealServers: [ { on: lfet } ]',
      /2:22.*Did you mean «left»/,
    ],
    ['a machine in docker', 'driver: docker\nclients: [ { machine: { address: a } } ]', /2:14.*driver ssh/],
    ['ssh without a machine', 'driver: { ssh: {} }', /c1 has no machine.*\n.*d1 has no machine/],
    [
      'a password in the file',
      'clients: [ { machine: { address: a, password: x } } ]',
      /unknown key «password»/,
    ],
    ['an address that is a URL', 'clients: [ { machine: { address: "a@b" } } ]', /a host name or an address/],
    [
      'a real network for a cable of our own',
      'driver: docker\nnetwork: { subnet: 10.0.0.0/8 }',
      /not within 198.18.0.0\/15/,
    ],
  ])('%s', (_, text, says) => expect(mistake(text)).toMatch(says));
});

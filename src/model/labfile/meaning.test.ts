import { expect, test } from 'vitest';
import { exitCode } from '../../util/errors.ts';
import { type Case, mistake } from './mistake.ts';

/** Lab files that are well formed and mean nothing. */
const semantic: Case[] = [
  ['subnet', 'network: { subnet: lan }', '1:20', /expected a network such as/],
  [
    'host bits',
    'network: { subnet: 198.18.1.1/16 }',
    '1:20',
    /host bits set: the network is 198\.18\.0\.0\/16/,
  ],
  [
    'not the benchmark range',
    'driver: docker\nnetwork: { subnet: 10.0.0.0/16 }',
    '2:20',
    /not within 198\.18\.0\.0\/15/,
  ],
  [
    'more than the benchmark range',
    'driver: docker\nnetwork: { subnet: 198.16.0.0/14 }',
    '2:20',
    /not within/,
  ],
  [
    'outside elsewhere',
    'driver: docker\nnetwork: { outside: 192.0.2.0/24 }',
    '2:21',
    /«outside».*not within/,
  ],
  ['too small', 'network: { subnet: 198.18.0.0/31 }', '1:20', /too small/],
  [
    'overlap',
    'clients: [ { via: router } ]\nnetwork: { subnet: 198.18.0.0/15 }',
    '2:10',
    /198\.18\.0\.0\/15 and .*198\.19\.0\.0\/24 overlap/,
  ],
  [
    'full',
    'network: { subnet: 198.18.0.0/28 }\nrealServers: 12',
    '2:14',
    /no address is left for rs\d+.*do not fit/,
  ],
  ['far too many', 'realServers: 65535', '1:14', /do not fit into 198\.18\.0\.0\/16/],
  [
    'full outside',
    `network: { outside: 198.19.0.0/29 }\nclients: [ ${'{ via: router }, '.repeat(7)} ]`,
    '2:114',
    /no address is left for c7.*198\.19\.0\.0\/29/,
  ],
  [
    'name twice',
    'realServers:\n  - { name: web }\n  - { name: web }',
    '3:13',
    /«web» is also that of a real server;/,
  ],
  [
    'name of another role',
    'clients: [ { name: rs1 } ]',
    '1:20',
    /«rs1» is also that of a real server, which has it by default/,
  ],
  [
    'name of the router',
    'clients: [ { name: router }, { via: router } ]',
    '1:20',
    /«router» is also that of the router/,
  ],
  ['name of the switch', 'clients: [ { name: switch } ]', '1:20', /the lab's own name/],
  [
    'address twice',
    'realServers:\n  - ip: 198.18.1.9\n  - ip: 198.18.1.9',
    '3:9',
    /198\.18\.1\.9 is the address of rs1/,
  ],
  [
    'MAC twice',
    'realServers:\n  - mac: 02:00:00:00:00:0a\n  - mac: 02:00:00:00:00:0A',
    '3:10',
    /MAC address of rs1; rs2 needs/,
  ],
  [
    'address outside',
    'clients: [ { ip: 198.19.0.9 } ]',
    '1:18',
    /expected 198\.18\.0\.1 to 198\.18\.255\.254/,
  ],
  ['broadcast address', 'clients: [ { ip: 198.18.255.255 } ]', '1:18', /not a host address/],
  [
    'routed on the LAN',
    'clients: [ { ip: 198.18.0.9, via: router } ]',
    '1:18',
    /not a host address in 198\.19/,
  ],
  [
    'VIP of a host',
    'realServers: [ { ip: 198.18.0.100 } ]\nservices: [ { vip: 198.18.0.100 } ]',
    '2:20',
    /is the address of rs1/,
  ],
  [
    'default VIP of a host',
    'realServers: [ { ip: 198.18.0.100 } ]',
    '1:1',
    /VIP 198\.18\.0\.100 is the address of rs1/,
  ],
  ['VIP outside', 'services: [ { vip: 198.19.0.1 } ]', '1:20', /outside 198\.18\.0\.0\/16/],
  ['VIP is broadcast', 'services: [ { vip: 198.18.255.255 } ]', '1:20', /broadcast/],
  [
    'service twice',
    'services:\n  - { port: 80 }\n  - { protocol: udp }\n  - { port: 80, scheduler: wrr }',
    '4:5',
    /198\.18\.0\.100:80\/tcp is already service 1/,
  ],
  [
    'unknown real server',
    'services: [ { realServers: [rs1, rs22] } ]',
    '1:34',
    /no real server is called «rs22».*«rs2»/,
  ],
  [
    'unknown, nothing like it',
    'services: [ { realServers: [web] } ]',
    '1:29',
    /The real servers are rs1, rs2/,
  ],
  [
    'a director as real server',
    'services: [ { realServers: [d1] } ]',
    '1:29',
    /no real server is called «d1»/,
  ],
  ['real server twice', 'services: [ { realServers: [rs1, rs1] } ]', '1:34', /listed twice/],
  ['weight of nobody', 'services: [ { weights: { rs9: 1 } } ]', '1:26', /no real server is called «rs9»/],
  [
    'weight of another service',
    'services: [ { realServers: [rs1], weights: { rs2: 1 } } ]',
    '1:46',
    /«rs2» is not a real server of this service/,
  ],
  ['persistence of half a second', 'services: [ { persistence: 500ms } ]', '1:28', /whole seconds/],
  ['persistence of a year', 'services: [ { persistence: 525600min } ]', '1:28', /up to 31 days/],
  ['two directors by hand', 'directors: 2', '1:12', /do not take over from each other.*with: keepalived/],
  ['two nftables', 'directors: { count: 2, with: nftables }', '1:21', /do not take over/],
  ['VRRP by hand', 'directors: { vrrp: {} }', '1:14', /«vrrp» needs keepalived/],
  ['health checks by hand', 'directors: { healthCheck: {} }', '1:14', /«healthCheck» needs keepalived/],
  ['count and hosts', 'directors: { count: 2, hosts: [ {} ] }', '1:21', /leave «count» out/],
  [
    'too few priorities',
    'directors: { count: 2, with: keepalived, vrrp: { priorities: [1] } }',
    '1:62',
    /one for each of the 2 directors, such as \[150, 100\]/,
  ],
  [
    'VRRP 2 advert',
    'directors: { with: keepalived, vrrp: { advert: 1500ms } }',
    '1:48',
    /whole seconds.*version: 3/,
  ],
  [
    'VRRP 3 advert',
    'directors: { with: keepalived, vrrp: { version: 3, advert: 15ms } }',
    '1:60',
    /steps of 10ms/,
  ],
  ['VRRP 3 long', 'directors: { with: keepalived, vrrp: { version: 3, advert: 41s } }', '1:60', /40\.95s/],
  ['no interval', 'directors: { with: keepalived, healthCheck: { interval: 0 } }', '1:57', /at least 1ms/],
  ['jitter alone', 'clients: [ { link: { jitter: 1ms } } ]', '1:30', /add «delay»/],
  [
    'nftables and tun',
    'directors: { with: nftables }\nservices: [ { forward: tun } ]',
    '2:24',
    /dr only, not by tun/,
  ],
  [
    'nftables and nat',
    'directors: { with: nftables }\nclients: [ { via: router } ]\nservices: [ { forward: nat } ]',
    '3:24',
    /dr only, not by nat/,
  ],
  [
    'nftables and persistence',
    'directors: { with: nftables }\nservices: [ { persistence: 5s } ]',
    '2:15',
    /no persistence/,
  ],
  [
    'nftables and wrr',
    'directors: { with: nftables }\nservices: [ { scheduler: wrr } ]',
    '2:26',
    /hash only/,
  ],
  [
    'nat and a client on the LAN',
    'services: [ { forward: nat } ]',
    '1:24',
    /without passing the director.*via: router/,
  ],
  [
    'nat and two directors',
    'directors: { count: 2, with: keepalived }\nclients: [ { via: router } ]\nservices: [ { forward: nat } ]',
    '3:24',
    /nat needs a lab with one director/,
  ],
  [
    'nat and dr on one real server',
    'clients: [ { via: router } ]\nservices: [ { forward: nat }, { port: 81 } ]',
    '2:24',
    /rs1 is reached by nat and by another method/,
  ],
];

test.each(semantic)('%s', (_what, text, at, says) => {
  const error = mistake(text);
  expect(error.message).toMatch(says);
  expect(error.place).toBe(`lab.yaml:${at}`);
  expect(error.message.startsWith(`lab.yaml:${at}: `)).toBe(true);
  expect(error.exit).toBe(exitCode.labFile);
});

/**
 * Inside a world: machines to log in to, for as long as standard input is open, and a lab file for them.
 * `ground.js KIND` prints the file's path when they are there.
 */
import { writeFileSync } from 'node:fs';
import type { DirectorKind } from '../../../src/model/spec.ts';
import { Rig, rigDir } from './rig.ts';

const kind = (process.argv[2] ?? 'nftables') as DirectorKind;
const pair = kind === 'keepalived';
await using rig = await Rig.start({ director: { kind }, realServers: 3, directors: pair ? 2 : 1 });
const host = (name: string): string => {
  const one = rig.spec.hosts.find((each) => each.name === name);
  const machine = `{ address: ${one?.machine?.address}, key: ${rigDir}/user }`;
  return `{ name: ${name}, ip: ${one?.ip}, machine: ${machine} }`;
};
const [plain, weighted] = kind === 'nftables' ? ['sh', 'sh'] : ['rr', 'wrr'];
const file = `${rigDir}/lab.yaml`;
writeFileSync(
  file,
  `name: machines
driver: { ssh: { knownHosts: ${rigDir}/known_hosts } }
clients: [ ${host('client1')} ]
directors: { with: ${kind}, hosts: [ ${host('dir1')}${pair ? `, ${host('dir2')}` : ''} ] }
realServers:
  - ${host('rs1')}
  - ${host('rs2')}
  - ${host('rs3')}
services:
  - { vip: 198.18.0.100, port: 80, scheduler: ${plain} }
  - { vip: 198.18.0.100, port: 81, scheduler: ${weighted} }
  - { vip: 198.18.0.100, port: 5000, protocol: udp }
`,
);
const before = rig.snapshot();
process.stdout.write(`${file}\n`);
await new Promise((resolve) => process.stdin.on('close', resolve).resume());
const after = rig.snapshot();
const unlike = Object.keys(before).filter((name) => before[name] !== after[name]);
process.stdout.write(`${JSON.stringify({ unlike })}\n`);

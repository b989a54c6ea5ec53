/** Inside a sandbox: everything that is refused, what is said then, and what is left. Prints JSON. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { SshSpec } from '../../../src/model/spec.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { DrlabError, messageOf } from '../../../src/util/errors.ts';
import type { LabOf } from '../../base/driver.ts';
import { provenance } from '../../base/provenance.ts';
import { buildSshLab } from '../build.ts';
import { passwordVariable, Rig, rigDir, sh, sudoPassword } from './rig.ts';

const stateDir = `${rigDir}/state`;
const known = `${rigDir}/known_hosts`;
await using rig = await Rig.start({ director: { kind: 'nftables' }, realServers: 2, clients: 2 });
const before = rig.snapshot();
const told: Record<string, string> = {};
const left: Record<string, string[]> = {};

async function attempt(name: string, spec: LabOf<SshSpec>): Promise<void> {
  try {
    const lab = await buildSshLab(spec, { stateDir });
    told[name] = 'built';
    await lab[Symbol.asyncDispose]();
  } catch (error) {
    told[name] = `${messageOf(error)} | ${error instanceof DrlabError ? error.hint : 'no hint'}`;
  }
  const now = rig.snapshot();
  left[name] = Object.keys(before).filter((host) => before[host] !== now[host]);
}

const knowing = (file: string): LabOf<SshSpec> => ({
  ...rig.spec,
  driver: { kind: 'ssh', readOnly: false, knownHosts: file },
});
const only = (name: string, change: object) => rig.with((_, host) => (host.name === name ? change : {}));

await attempt('nobody known', knowing('/nowhere'));
const keyOf = (name: string) =>
  readFileSync(`${rigDir}/host-${name}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
const lines = readFileSync(known, 'utf8');
const address = (name: string) => rig.spec.hosts.find((host) => host.name === name)?.machine?.address ?? '';
writeFileSync(`${known}-changed`, lines.replaceAll(keyOf('rs1'), keyOf('rs2')));
await attempt('changed host key', knowing(`${known}-changed`));
writeFileSync(`${known}-revoked`, `${lines}@revoked ${address('rs1')} ${keyOf('rs1')}\n`);
await attempt('revoked host key', knowing(`${known}-revoked`));
await attempt('wrong key', only('rs1', { key: `${rigDir}/unknown` }));
await attempt('key with a passphrase', only('rs1', { key: `${rigDir}/locked` }));
await attempt('no such key', only('rs1', { key: `${rigDir}/nothing` }));
await attempt('unreachable', only('rs1', { port: 2222 }));
const jump = { address: address('client1'), port: 22, user: 'root', key: `${rigDir}/user` };
const lanAddress = rig.spec.hosts.find(({ name }) => name === 'rs1')?.ip ?? '';
appendFileSync(known, `[${lanAddress}]:2222 ${keyOf('rs1')}\n`);
await attempt('not reached from the jump host', only('rs1', { address: lanAddress, port: 2222, jump }));
await attempt('not root', only('rs1', { user: 'ops', sudo: false }));
await attempt('sudo wants a password', only('rs1', { user: 'ops', sudo: true }));
const withPassword = { sudo: true, sudoPasswordFrom: passwordVariable };
await attempt('password not set', only('rs1', { user: 'ops', ...withPassword }));
process.env[passwordVariable] = 'hunter2-is-wrong';
await attempt('wrong password', only('rs1', { user: 'ops', ...withPassword }));
process.env[passwordVariable] = sudoPassword;
await attempt('not in sudoers', only('rs1', { user: 'guest', ...withPassword }));
const device = (name: string, value: string): LabOf<SshSpec> => ({
  ...rig.spec,
  hosts: rig.spec.hosts.map((host) => (host.name === name ? { ...host, device: value } : host)),
});
await attempt('no such device', device('rs1', 'ens9'));
await attempt('another device', device('rs1', 'mgmt0'));
rig.on('dir1', 'mount --bind /dev/null /usr/sbin/nft');
await attempt('missing program', rig.spec);
rig.on('dir1', 'umount /usr/sbin/nft');
rig.on('client2', 'ip addr add 198.18.0.100/32 dev eth0');
const spare: LabOf<SshSpec> = { ...rig.spec, hosts: rig.spec.hosts.filter(({ name }) => name !== 'client2') };
await attempt('VIP taken', spare);
rig.on('client2', 'ip addr del 198.18.0.100/32 dev eth0');
rig.on('dir1', 'cp /bin/sleep /run/keepalived; /run/keepalived 1000 </dev/null >/dev/null 2>&1 &');
await attempt('keepalived is there', rig.spec);
rig.on('dir1', 'pkill -x keepalived; rm /run/keepalived');
await attempt('hooks', { ...rig.spec, hooks: { afterApply: ['true'], beforeTeardown: [] } });

// With a password, over a jump host, as an ordinary user: and nobody can find the password afterwards.
const ordinary = rig.with((_, host) => ({
  user: 'ops',
  ...withPassword,
  ...(host.name === 'rs1' && { address: lanAddress, jump }),
}));
const lab = await buildSshLab(ordinary, { stateDir });
const answer = (await lab.host('client1').exec('curl -s --max-time 2 http://198.18.0.100/')).stdout;
const whoami = (await lab.host('rs1').exec('id -u')).stdout.trim();
const linkLacks = lab.lacks('linkFault');
const facts = JSON.stringify(await provenance(lab));
const failed = await lab.host('rs1').exec('env; exit 3').catch(messageOf);
const files = sh(`cat ${stateDir}/*/*; cat /proc/[0-9]*/cmdline | tr '\\0' ' '`);
const environments = rig.spec.hosts.map(({ name }) =>
  rig.on(name, 'cat /proc/[0-9]*/environ | tr "\\0" " "; cat /var/lib/drlab/*'),
);
const everything = [facts, failed, files, JSON.stringify(told), ...environments].join('\n');
await lab[Symbol.asyncDispose]();
const afterOrdinary = rig.snapshot();

// Looking only.
const readOnly: LabOf<SshSpec> = { ...ordinary, driver: { kind: 'ssh', readOnly: true, knownHosts: known } };
const looking = await buildSshLab(readOnly, { stateDir });
const host = looking.host('dir1');
const look = {
  unsettled: looking.unsettled,
  addresses: (await host.exec('exec ip -j -4 addr show')).stdout.includes('198.18.1'),
  script: await host.exec('sysctl -w net.ipv4.ip_forward=1').catch(messageOf),
  run: await host.run(['sysctl', '-w', 'net.ipv4.ip_forward=1']).catch(messageOf),
  program: await runProgram(host, 'broadcast', ['198.18.255.255', 1]).catch(messageOf),
  spawn: await host.spawn(['sh']).then(() => 'started', messageOf),
  put: await host.put('x', 'y').then(() => 'written', messageOf),
  inject: looking.lacks('inject'),
  capture: looking.lacks('capture'),
  hosts: (await provenance(looking)).length,
};
await using capture = await looking.capture({ filter: 'arp' });
await capture.stop();
const whileLooking = rig.snapshot();
await looking[Symbol.asyncDispose]();
process.stdout.write(
  JSON.stringify({
    ...{ told, left, answer, whoami, linkLacks, look },
    leaks: everything.split('\n').filter((line) => line.includes(sudoPassword) || line.includes('hunter2')),
    looked: everything.length,
    unlikeAfterOrdinary: Object.keys(before).filter((name) => before[name] !== afterOrdinary[name]),
    unlikeWhileLooking: Object.keys(before).filter((name) => before[name] !== whileLooking[name]),
    clean: execFileSync('ls', ['-A', stateDir], { encoding: 'utf8' }),
  }),
);

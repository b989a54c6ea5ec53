import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../../src/model/lab.ts';
import type { HostSpec, LabSpec, MachineSpec, SshSpec } from '../../../src/model/spec.ts';
import { crowding } from '../../../src/util/crowding.ts';
import { until } from '../../../src/util/until.ts';
import type { AgentProcess } from '../../agent/process.ts';
import type { LabOf } from '../../base/driver.ts';
import { labOf, type Wanted } from '../../base/testing/lab-of.ts';
import { buildLab } from '../../netns/build.ts';

/**
 * Machines to log in to: namespaces of a netns lab, each with a real sshd of its own in private mount and pid
 * namespaces, and a cable for management into the sandbox's own namespace. Runs only in a sandbox that is thrown away:
 * it mounts files over /etc.
 */
export const rigDir = '/mnt/rig';
export const sudoPassword = 'correct horse battery staple';
export const passwordVariable = 'RIG_SUDO_PASSWORD';

export class Rig implements AsyncDisposable {
  private constructor(
    readonly spec: LabOf<SshSpec>,
    private readonly ground: Lab,
    private readonly daemons: Map<string, AgentProcess>,
  ) {}

  /** @param management the first three bytes of the addresses that the machines are reached by. */
  static async start(wanted: Wanted, management = '198.19.100'): Promise<Rig> {
    const spec = labOf(wanted);
    prepareSandbox();
    const ground = await buildLab(bareMachines(spec));
    const daemons = new Map<string, AgentProcess>();
    const hosts: HostSpec[] = [];
    for (const [index, host] of spec.hosts.entries()) {
      const address = `${management}.${index * 4 + 2}`;
      sh(`ip link add m${index} type veth peer name mgmt0 netns ${host.name}
ip addr add ${management}.${index * 4 + 1}/30 dev m${index} && ip link set m${index} up
ip -n ${host.name} addr add ${address}/30 dev mgmt0 && ip -n ${host.name} link set mgmt0 up
ssh-keygen -q -t ed25519 -N '' -f ${rigDir}/host-${host.name}`);
      const conf = join(rigDir, `sshd-${host.name}.conf`);
      writeFileSync(conf, sshdConf(host.name));
      const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/sshd /run/lock && mount -t tmpfs tmpfs /var/lib && exec /usr/sbin/sshd -D -e -f ${conf}`;
      const daemon = (await ground
        .host(host.name)
        .spawn(['unshare', '-mpf', '--mount-proc', '--kill-child', 'sh', '-c', script])) as AgentProcess;
      daemons.set(host.name, daemon);
      const machine: MachineSpec = { address, port: 22, user: 'root', key: `${rigDir}/user`, sudo: false };
      hosts.push({ ...host, machine });
    }
    for (const [name, daemon] of daemons)
      await until(`sshd of ${name}`, () => /Server listening/.test(daemon.stderr()) || undefined, {
        withinMs: 20_000 * crowding(),
        lastSeen: () => daemon.stderr(),
      });
    const rig = new Rig(
      { ...spec, hosts, driver: { kind: 'ssh', readOnly: false, knownHosts: `${rigDir}/known_hosts` } },
      ground,
      daemons,
    );
    rig.#writeKnownHosts();
    return rig;
  }

  /** A copy of the lab with other machines. */
  with(change: (machine: MachineSpec, host: HostSpec) => Partial<MachineSpec>): LabOf<SshSpec> {
    const hosts = this.spec.hosts.map((host): HostSpec => {
      if (!host.machine) return host;
      return { ...host, machine: { ...host.machine, ...change(host.machine, host) } };
    });
    return { ...this.spec, hosts };
  }

  /** Runs a script on a machine, not over ssh. */
  on(name: string, script: string): string {
    return execFileSync('nsenter', ['-t', this.#sshd(name), '-m', '-n', '-p', 'sh', '-c', script], {
      encoding: 'utf8',
      // The machine knows nothing of what whoever logs in has in its environment.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
  }

  /** The first process of the machine's own pid namespace. */
  #sshd(name: string): string {
    const pid = this.daemons.get(name)?.pid;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  }

  /** Everything on every machine that a lab might change. */
  snapshot(): Record<string, string> {
    const script = `grep -rsH '' /proc/sys/net/ipv4 /proc/sys/net/ipv6 | grep -v -e conntrack_count -e fib_sync -e stable_secret -e '/neigh/' | sort
ip -o addr; ip route show table all; ip rule; tc qdisc
nft list ruleset 2>/dev/null; [ ! -e /proc/net/ip_vs ] || ipvsadm -Sn; find /run /var/lib -path '*drlab*'`;
    return Object.fromEntries([...this.daemons.keys()].map((name) => [name, this.on(name, script)]));
  }

  /** Ends every session of the machine, as a cut cable would, and what sshd started with it. */
  cutSessions(name: string): void {
    this.on(name, `pkill -KILL -f '^sshd: (root|ops|guest)' || :`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ground[Symbol.asyncDispose]();
  }

  /** Every third name is hashed, as `HashKnownHosts yes` would. */
  #writeKnownHosts(): void {
    const lines = this.spec.hosts.map((host, index) => {
      const key = readFileSync(`${rigDir}/host-${host.name}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
      const names = [host.machine?.address ?? '', host.ip];
      return names.map((name) => `${index % 3 === 0 ? hashed(name) : name} ${key}\n`).join('');
    });
    writeFileSync(`${rigDir}/known_hosts`, lines.join(''));
  }
}

function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

export const sh = (script: string): string => execFileSync('sh', ['-ec', script], { encoding: 'utf8' });

/** The same hosts with nothing to do: addresses on a switch. */
const bareMachines = (spec: LabSpec): LabSpec => ({
  ...spec,
  director: { kind: 'nftables' },
  services: [],
  hosts: spec.hosts.map(({ name, ip, prefixLength, mac, segment }) => ({
    name,
    ip,
    prefixLength,
    mac,
    segment,
    role: 'client',
    sysctls: {},
  })),
});

/** Users: root and `ops` by key, the latter with a password for sudo, and `guest`, who may not use it. */
function prepareSandbox(): void {
  sh(`mount -t tmpfs tmpfs /mnt; mkdir -p ${rigDir}/home /run/sshd; chmod 755 /mnt ${rigDir}
ssh-keygen -q -t ed25519 -N '' -f ${rigDir}/user; ssh-keygen -q -t ed25519 -N '' -f ${rigDir}/unknown
ssh-keygen -q -t ed25519 -N secret-of-the-key -f ${rigDir}/locked
cp ${rigDir}/user.pub ${rigDir}/authorized; chmod 644 ${rigDir}/authorized`);
  const password = execFileSync('perl', ['-e', 'print crypt $ARGV[0], q($6$rigrigrig$)', sudoPassword]);
  const etc: Record<string, (now: string) => string> = {
    // Not the login scripts of whoever runs the tests.
    passwd: (now) =>
      `${now.replace(/^root:.*$/m, `root:x:0:0:root:${rigDir}/home:/bin/sh`)}ops:x:4242:4242::${rigDir}/home:/bin/sh\nguest:x:4243:4243::${rigDir}/home:/bin/sh\n`,
    group: (now) => `${now}ops:x:4242:\nguest:x:4243:\n`,
    shadow: (now) => `${now}ops:${password}:19000:0:99999:7:::\nguest:${password}:19000:0:99999:7:::\n`,
    sudoers: () => 'Defaults !fqdn\nroot ALL=(ALL) NOPASSWD: ALL\nops ALL=(ALL) ALL\n',
  };
  for (const [name, text] of Object.entries(etc)) {
    const copy = join(rigDir, name);
    writeFileSync(copy, text(readFileSync(`/etc/${name}`, 'utf8')));
    chmodSync(copy, name === 'shadow' ? 0o640 : name === 'sudoers' ? 0o440 : 0o644);
    sh(`mount --bind ${copy} /etc/${name}`);
  }
  mkdirSync('/run/lock', { recursive: true });
}

const sshdConf = (name: string): string => `ListenAddress 0.0.0.0
HostKey ${rigDir}/host-${name}
AuthorizedKeysFile ${rigDir}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
UseDNS no
LogLevel INFO
Subsystem sftp internal-sftp
`;

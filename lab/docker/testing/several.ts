/**
 * Inside a sandbox: two Dockers on machines of their own, as far as namespaces go, with a cable between them (lan0 in
 * each). One is reached over TCP, the other through a real sshd. `several.js FOLDER CHECK…` runs the checks on a lab
 * that lives on both, and prints how that ended and what is left, as JSON.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { crowding } from '../../../src/util/crowding.ts';
import { asset, compiled } from '../../../src/util/root.ts';
import { until } from '../../../src/util/until.ts';
import { TestDocker } from './daemon.ts';

const [folder = '', ...checks] = process.argv.slice(2);
const sh = (script: string): string => execFileSync('sh', ['-ec', script], { encoding: 'utf8' });
const [tcpAddress, sshAddress] = ['198.19.100.2', '198.19.100.6'];

const image = join(folder, 'image.tar');
const [one, other] = await Promise.all([
  TestDocker.start(['--host', `tcp://${tcpAddress}:2375`, '--tls=false'], management(0, tcpAddress)),
  TestDocker.start([], management(1, sshAddress)),
  makeImage(image),
]);
await using first = one;
await using second = other;
sh(`ip link add lan0 netns ${first.inside} type veth peer name lan0 netns ${second.inside}`);
for (const docker of [first, second]) await docker.sh('ip link set lan0 up');

await using sshd = await startSshd(second);
await Promise.all(
  [first, second].map(({ endpoint }) =>
    promisify(execFile)('docker', ['-H', endpoint, 'import', image, 'drlab:test']),
  ),
);
const before = await Promise.all([first.things(), second.things()]);

const file = join(folder, 'lab.yaml');
writeFileSync(
  file,
  `name: several
driver:
  docker:
    endpoint: tcp://${tcpAddress}:2375
    hosts: { b: "ssh://root@${sshAddress}" }
    parent: lan0
    image: drlab:test
directors: { with: nftables }
realServers: [ { name: rs1 }, { name: rs2, on: b } ]
clients: [ { name: c1 }, { name: c2, on: b } ]
services: [ { vip: 198.18.0.100, port: 80 }, { vip: 198.18.0.100, port: 53, protocol: udp } ]
`,
);
const out = join(folder, 'run');
const run = spawn(
  process.execPath,
  [compiled('src/cli/main.js'), 'run', ...checks, '--lab', file, '--out', out],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
  },
);
let [said, where] = ['', [] as string[][]];
for (const stream of [run.stdout, run.stderr])
  stream.on('data', async (chunk) => {
    said += String(chunk);
    if (!/lab up/.test(String(chunk))) return;
    where = (await Promise.all([first.things(), second.things()])).map(({ containers }) => containers);
  });
const code = await new Promise((ended) => run.once('close', ended));
const after = await Promise.all([first.things(), second.things()]);
process.stdout.write(JSON.stringify({ code, said, where, before, after, sshd: sshd.said() }));

async function makeImage(path: string): Promise<void> {
  const argv = [asset('lab/docker/testing/image.sh'), process.execPath];
  const made = spawn('sh', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  await pipeline(made.stdout, createWriteStream(path));
}

/** A cable from the sandbox's own namespace to a Docker's. */
function management(index: number, address: string): (inside: number) => void {
  const here = address.replace(/\d+$/, (last) => String(Number(last) - 1));
  return (inside) => {
    sh(`ip link add m${index} type veth peer name mgmt0 netns ${inside}
ip addr add ${here}/30 dev m${index} && ip link set m${index} up
nsenter -t ${inside} -n sh -ec 'ip addr add ${address}/30 dev mgmt0; ip link set mgmt0 up'`);
  };
}

/** An sshd on the Docker's machine, and a user here whose ssh knows it. */
async function startSshd(docker: TestDocker): Promise<AsyncDisposable & { said(): string }> {
  const home = join(folder, 'home', '.ssh');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync('/run/sshd', { recursive: true });
  sh(`cd ${folder}; ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f ${home}/id_ed25519
cp ${home}/id_ed25519.pub authorized; echo "${sshAddress} $(cat host.pub)" >${home}/known_hosts`);
  // OpenSSH looks for its files where the list of users says, not where HOME says.
  const users = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(
    join(folder, 'passwd'),
    users.replace(/^root:.*$/m, `root:x:0:0:root:${join(folder, 'home')}:/bin/sh`),
  );
  sh(`mount --bind ${folder}/passwd /etc/passwd`);
  writeFileSync(
    join(folder, 'sshd.conf'),
    `HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
UseDNS no
SetEnv DOCKER_HOST=unix://${docker.folder}/docker.sock PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`,
  );
  const argv = [
    '-t',
    String(docker.inside),
    '-m',
    '-n',
    '/usr/sbin/sshd',
    '-D',
    '-e',
    '-f',
    join(folder, 'sshd.conf'),
  ];
  const daemon = spawn('nsenter', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  daemon.stderr.on('data', (chunk) => {
    text += String(chunk);
  });
  await until('sshd', () => /Server listening/.test(text) || undefined, {
    withinMs: 20_000 * crowding(),
    lastSeen: () => text,
  });
  return {
    said: () => text,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((ended) => daemon.once('exit', ended));
      daemon.kill();
      await gone;
    },
  };
}

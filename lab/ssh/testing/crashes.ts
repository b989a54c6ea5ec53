/**
 * Inside a sandbox: labs over ssh that end in every bad way, and what is left after a sweep. Prints JSON.
 * `crashes.js hold FILE` is the process that gets killed: it builds the lab in FILE and says `up`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SshSpec } from '../../../src/model/spec.ts';
import { crowding } from '../../../src/util/crowding.ts';
import { messageOf } from '../../../src/util/errors.ts';
import { quote } from '../../../src/util/quote.ts';
import { until } from '../../../src/util/until.ts';
import type { LabOf } from '../../base/driver.ts';
import { buildSshLab } from '../build.ts';
import { sweepSsh } from '../sweep.ts';
import { Rig, rigDir, sh } from './rig.ts';

const stateDir = `${rigDir}/state`;

async function hold(file: string): Promise<never> {
  await buildSshLab(JSON.parse(readFileSync(file, 'utf8')) as LabOf<SshSpec>, { stateDir });
  process.stdout.write('up\n');
  return new Promise(() => setInterval(() => {}, 1_000));
}

async function main() {
  await using rig = await Rig.start({ director: { kind: 'nftables' }, realServers: 2 });
  // Values that no default has, so that restoring defaults would not do.
  rig.on(
    'rs1',
    'ip link add extra0 type veth peer name extra1; cd /proc/sys/net/ipv4/conf; echo 1 >extra0/rp_filter; echo 2 >default/arp_ignore; echo 1 >../ip_forward',
  );
  const before = rig.snapshot();
  const unlike = () => {
    const now = rig.snapshot();
    return Object.keys(before).filter((name) => before[name] !== now[name]);
  };

  const cutDuring = await buildSshLab(rig.spec, {
    stateDir,
    progress: (text) => text === 'configuring directors' && rig.cutSessions('rs1'),
  }).then(() => 'built', messageOf);
  const leftByCut = unlike();
  const again = await buildSshLab(rig.spec, { stateDir }).then(() => 'built', messageOf);
  const sweptAfterCut = await sweepSsh({ stateDir });
  const unlikeAfterCut = unlike();

  writeFileSync(`${rigDir}/spec.json`, JSON.stringify(rig.spec));
  const holder = spawn(process.execPath, [fileURLToPath(import.meta.url), 'hold', `${rigDir}/spec.json`]);
  const told = { out: '', err: '' };
  holder.stdout.on('data', (data) => {
    told.out += data;
  });
  holder.stderr.on('data', (data) => {
    told.err += data;
  });
  await until('the lab to be up', () => told.out.includes('up') || undefined, {
    withinMs: 60_000 * crowding(),
    lastSeen: () => told.err,
  });
  const sweptWhileUp = await sweepSsh({ stateDir });
  const changedWhileUp = unlike();
  holder.kill('SIGKILL');
  const servers = () => sh('pgrep -fc "[s]erver.js" || :').trim();
  await until('the agents to end what they started', () => servers() === '0' || undefined, {
    withinMs: 30_000 * crowding(),
    lastSeen: servers,
  });
  const leftByKill = unlike();
  const toldByFile = rig.on('rs1', 'cat /var/lib/drlab/ledger-*.sh');
  // One machine loses its ledger; one is undone by hand; one torn line must not be run.
  rig.on('rs2', 'rm /var/lib/drlab/ledger-*.sh');
  rig.on('client1', 'for f in /var/lib/drlab/ledger-*.sh; do sh $f; done');
  rig.on('rs1', 'for f in /var/lib/drlab/ledger-*.sh; do printf "#~ touch /run/drlab-torn" >>$f; done');
  const sweptAfterKill = await sweepSsh({ spec: rig.spec, stateDir });
  const unlikeAfterKill = unlike();
  const torn = rig.on('rs1', 'ls -d /run/drlab-torn 2>/dev/null || :');
  const sweptTwice = await sweepSsh({ spec: rig.spec, stateDir });

  // A ledger of another boot: what ended with the machine is not undone again.
  rig.on(
    'rs1',
    `mkdir -p /var/lib/drlab /run/drlab-x; printf '%s' ${quote(toldByFile.replace(/boot=\S+/, 'boot=other'))} >/var/lib/drlab/ledger-x.sh; echo 7 >/proc/sys/net/ipv4/conf/lo/arp_ignore 2>/dev/null; echo 1 >/proc/sys/net/ipv4/conf/lo/arp_ignore`,
  );
  await sweepSsh({ spec: rig.spec, stateDir });
  const afterReboot = rig.on('rs1', 'cat /proc/sys/net/ipv4/conf/lo/arp_ignore').trim();

  process.stdout.write(
    JSON.stringify({
      ...{ cutDuring, leftByCut, again, sweptAfterCut, unlikeAfterCut },
      ...{
        sweptWhileUp,
        changedWhileUp,
        leftByKill,
        sweptAfterKill,
        unlikeAfterKill,
        sweptTwice,
        afterReboot,
        torn,
      },
      state: sh(`ls -A ${stateDir}`),
    }),
  );
}

if (process.argv[2] === 'hold') await hold(process.argv[3] ?? '');
else await main();

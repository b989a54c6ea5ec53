/** Inside a sandbox: a lab over ssh from its start to its end, and what it was like. Prints JSON. */
import type { DirectorKind } from '../../../src/model/spec.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { messageOf } from '../../../src/util/errors.ts';
import { provenance } from '../../base/provenance.ts';
import { buildSshLab } from '../build.ts';
import { Rig, rigDir, sh } from './rig.ts';

const kind = (process.argv[2] ?? 'nftables') as DirectorKind;
await using rig = await Rig.start({ director: { kind }, realServers: 2 });
const before = rig.snapshot();
const started = performance.now();
const stateDir = `${rigDir}/state`;
const said: string[] = [];
const lab = await buildSshLab(rig.spec, { stateDir, progress: (text) => said.push(text) });
const upMs = performance.now() - started;
const during = rig.snapshot();
const client = lab.host('client1');
const capture = await lab.capture({ filter: 'tcp dst port 80 and tcp[tcpflags] & tcp-syn != 0' });
const answers: string[] = [];
for (let i = 0; i < 6; i++)
  answers.push((await client.exec('curl -s --max-time 2 http://198.18.0.100/; echo " $?"')).stdout.trim());
const pcap = Buffer.from(await capture.stop());
const facts = await provenance(lab);
await client.put('note', 'relative');
const note = Buffer.from(await client.get('note')).toString();
const outside = await client.put('/etc/motd', 'x').then(() => 'written', messageOf);
const ran = (await client.run(['printf', '%s|', "it's", '$HOME', ''])).stdout;
const reached = await runProgram(client, 'request', ['198.18.1.1', 80, 2_000]);
const late = await client.exec('sleep 60 & sleep 60', { timeoutMs: 200 }).catch(messageOf);
await lab.faults.killService('rs1');
const dead = (await client.exec('curl -s --max-time 2 http://198.18.1.1/; echo $?')).stdout.trim();
await lab.faults.restartService('rs1');
const linkLacks = lab.lacks('linkFault');
await lab.faults.cutLink('rs1');
const cut = (await client.exec('curl -s --max-time 1 http://198.18.1.1/; echo $?')).stdout.trim();
await lab.faults.restoreLink('rs1');
const fixed = (await client.exec('curl -s --max-time 1 http://198.18.1.1/; echo $?')).stdout.trim();
const secondLab = await buildSshLab(rig.spec, { stateDir }).then(() => 'built', messageOf);
const downAt = performance.now();
await lab[Symbol.asyncDispose]();
const downMs = performance.now() - downAt;
const after = rig.snapshot();
process.stdout.write(
  JSON.stringify({
    ...{
      upMs,
      downMs,
      said,
      unsettled: lab.unsettled,
      answers,
      note,
      outside,
      ran,
      reached,
      late,
      dead,
      cut,
      fixed,
    },
    ...{ linkLacks, secondLab, pcapBytes: pcap.length, hosts: facts.map(({ host }) => host) },
    specMac: lab.spec.hosts[0]?.mac,
    changed: Object.keys(before).filter((name) => before[name] !== during[name]),
    unlike: Object.keys(before).filter((name) => before[name] !== after[name]),
    realMac: /ether (\S+)/.exec(rig.on('client1', 'ip link show dev eth0'))?.[1],
    state: sh(`ls -A ${stateDir}`),
  }),
);

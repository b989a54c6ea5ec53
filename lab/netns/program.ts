/**
 * What the lab test runs inside a sandbox: builds labs, uses every part of them, and prints what it saw as JSON.
 */
import { readdirSync } from 'node:fs';
import type { Lab } from '../../src/model/lab.ts';
import { messageOf } from '../../src/util/errors.ts';
import { provenance } from '../base/provenance.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { buildLab } from './build.ts';

const vip = '198.18.0.100';
const web = labOf({
  director: { kind: 'nftables' },
  routed: true,
  services: [{}, { protocol: 'udp', port: 5000 }],
});

const left = () => ({
  files: readdirSync('/run').sort(),
  namespaces: readdirSync('/run/netns'),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
});

async function execs(lab: Lab) {
  const host = lab.host('rs1');
  const started = performance.now();
  const late = await host.exec('sleep 60 & sleep 60', { timeoutMs: 200 }).catch(messageOf);
  const lateMs = performance.now() - started;
  const failed = await host.exec('echo why >&2; exit 3').catch(messageOf);
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, i) => host.exec(`echo ${i}; exit ${i}`, { okCodes: [i] })),
  );
  const big = await host.exec('cat; echo end >&2', { input: 'x'.repeat(1_000_000) });
  await host.put('note', 'relative');
  const background = await host.exec('sleep 60 & echo started');
  const spawned = await host.spawn(['sh', '-c', 'while read -r line; do echo "got $line"; done']);
  spawned.write('one\ntwo\n');
  const lines: string[] = [];
  for await (const line of spawned.lines()) if (lines.push(line) === 2) break;
  await spawned[Symbol.asyncDispose]();
  const perl = (text: string, input: string) =>
    host.run(['perl', '-e', text, 'one', 'two'], { input, okCodes: [0, 3, 255] });
  const said = await perl(
    `use strict; my @lines = <STDIN>; print "@ARGV ", scalar @lines; print STDERR "it's"; exit 3`,
    'a\nb\n',
  );
  const died = await perl('print "some"; die "no more\n"', '');
  return {
    perl: [said.code, said.stdout, said.stderr, died.code, died.stdout, died.stderr],
    late,
    lateMs,
    failed,
    many: many.map(({ code, stdout }) => [code, stdout.trim()]),
    bigBytes: big.stdout.length,
    bigStderr: big.stderr,
    note: (await host.exec('cat note')).stdout,
    got: Buffer.from(await host.get('note')).toString(),
    background: background.stdout,
    lines,
    longScript: (await host.exec(`: ${'y'.repeat(200_000)}\necho long`)).stdout,
  };
}

const curl = async (lab: Lab, from: string, url: string) =>
  (await lab.host(from).exec(`curl -s --max-time 2 '${url}'; echo " $?"`)).stdout.trim();

/** The sender's MAC address of each frame: 24 bytes of file header, then 16 bytes of header a frame. */
function senders(pcap: Buffer): string[] {
  const macs: string[] = [];
  for (let at = 24; at < pcap.length; at += 16 + pcap.readUInt32LE(at + 8)) {
    macs.push((pcap.toString('hex', at + 22, at + 28).match(/../g) ?? []).join(':'));
  }
  return macs;
}

async function traffic(lab: Lab) {
  const capture = await lab.capture({ filter: `tcp dst port 80 and tcp[tcpflags] & tcp-syn != 0` });
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await curl(lab, 'client1', `http://${vip}/`));
  const pcap = Buffer.from(await capture.stop());
  const udp = `use Socket; socket my $s, AF_INET, SOCK_DGRAM, 0; connect $s, pack_sockaddr_in(5000, inet_aton("${vip}"));
    send $s, "hi", 0; alarm 2; recv $s, my $answer, 100, 0; print $answer`;
  return {
    answers,
    syns: senders(pcap),
    outside: await curl(lab, 'outside1', `http://${vip}/`),
    udp: (await lab.host('client1').exec(`perl -e '${udp}'`)).stdout,
    refusedFilter: await lab.capture({ filter: 'no filter at all' }).then(() => 'accepted', messageOf),
  };
}

async function faults(lab: Lab) {
  const url = 'http://198.18.1.1/';
  const before = await curl(lab, 'client1', url);
  const held = curl(lab, 'client1', `${url}?delay=1500`);
  await lab.host('client1').exec('sleep 0.2');
  await lab.faults.killService('rs1');
  const killed = { held: await held, fresh: await curl(lab, 'client1', url) };
  await lab.faults.restartService('rs1');
  const restarted = await curl(lab, 'client1', url);
  await lab.faults.cutLink('rs1');
  const cut = await curl(lab, 'client1', url);
  await lab.faults.restoreLink('rs1');
  return { before, killed, restarted, cut, restored: await curl(lab, 'client1', url) };
}

const atStart = left();
const lab = await buildLab(web);
const facts = await provenance(lab);
const seen = {
  unsettled: lab.unsettled,
  execs: await execs(lab),
  traffic: await traffic(lab),
  faults: await faults(lab),
};
await lab[Symbol.asyncDispose]();

const rebuildsMs: number[] = [];
for (let i = 0; i < 20; i++) {
  const started = performance.now();
  await (await buildLab(web))[Symbol.asyncDispose]();
  rebuildsMs.push(performance.now() - started);
}
const hooked = (hook: string) => ({ ...web, hooks: { afterApply: [hook], beforeTeardown: [] } });
const refused = await buildLab(hooked('echo no >&2; exit 3')).then(() => 'built', messageOf);
const broken = await buildLab(hooked(`ip netns exec dir1 ip addr del ${vip}/32 dev eth0`));
const brokenUnsettled = broken.unsettled;
await broken[Symbol.asyncDispose]();

const large = labOf({ director: { kind: 'nftables' }, clients: 196 });
const largeStarted = performance.now();
const largeLab = await buildLab(large);
const largeUpMs = performance.now() - largeStarted;
await largeLab[Symbol.asyncDispose]();
const largeDownMs = performance.now() - largeStarted - largeUpMs;

process.stdout.write(
  JSON.stringify({
    ...seen,
    facts,
    atStart,
    atEnd: left(),
    rebuildsMs,
    refused,
    brokenUnsettled,
    smallHosts: web.hosts.length,
    largeHosts: large.hosts.length,
    largeUpMs,
    largeDownMs,
  }),
);

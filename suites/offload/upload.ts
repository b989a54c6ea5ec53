import type { SpawnedProcess } from '../../src/model/host.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { clientOf } from '../common/subjects.ts';
import { uploadPort } from './stage.ts';

/*
 *   client ── length, bytes ──▶ director ──▶ real server
 *      ◀──────────── SHA-256 of what arrived ───────
 */

const receiver = String.raw`
use strict; use IO::Socket::INET; use Digest::SHA; $| = 1;
my $listen = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 16, ReuseAddr => 1)
  or die "listen: $@\n";
print "ready\n";
while (my $from = $listen->accept) {
  my ($sha, $got, $part) = (Digest::SHA->new(256), 0);
  sysread $from, my $head, 4 or next;
  my $length = unpack 'N', $head;
  while (my $n = $got < $length && sysread $from, $part, 65536) { $got += $n; $sha->add($part) }
  print $from "$got ", $sha->hexdigest, "\n";
  close $from;
}
`;

/** Bytes that repeat only after 64 KiB; the number in front of each block makes all blocks differ. */
const sender = String.raw`
use strict; use IO::Socket::INET; use Digest::SHA; use Time::HiRes 'time';
my ($vip, $port, $length) = @ARGV;
$SIG{PIPE} = 'IGNORE';
my $sock = IO::Socket::INET->new(PeerAddr => $vip, PeerPort => $port) or do { print "connect: $!\n"; exit };
my $pattern = join '', map { pack 'N', ($_ * 2654435761) & 0xffffffff } 1 .. 16384;
my ($sha, $sent, $start, $n) = (Digest::SHA->new(256), 0, time, 0);
print $sock pack 'N', $length;
while ($sent < $length) {
  my $block = substr pack('N', $n++) . $pattern, 0, $length - $sent < 65536 ? $length - $sent : 65536;
  $sha->add($block);
  print $sock $block or last;
  $sent += length $block;
}
$sock->flush;
my $answer = <$sock> // "0 none\n";
printf "%d %s %s", (time - $start) * 1e6, $sha->hexdigest, $answer;
`;

export interface Upload {
  /** Until the hash was back; null where it never came. */
  tookUs: number | null;
  /** Bytes that the real server read. */
  arrivedBytes: number;
  /** Whether what arrived has the hash of what was sent. */
  same: boolean;
  /** What went wrong, in the words of the sender. */
  error?: string;
}

/** Starts a receiver on every real server; they end with the returned list. */
export async function receivers(lab: Lab): Promise<AsyncDisposable> {
  const vip = vipsOf(lab.spec)[0] ?? '';
  const started: SpawnedProcess[] = await Promise.all(
    hostsOf(lab.spec, 'realServer').map(({ name }) =>
      lab.host(name).spawn(['perl', '-e', receiver, vip, String(uploadPort)]),
    ),
  );
  const all = {
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((one) => one[Symbol.asyncDispose]()));
    },
  };
  for (const one of started) {
    const first = await one.lines()[Symbol.asyncIterator]().next();
    if (first.done || first.value !== 'ready') {
      await all[Symbol.asyncDispose]();
      throw new Error(`a receiver of uploads did not start: ${one.stderr()}`);
    }
  }
  return all;
}

/** Of timeout(1), for a program that it had to end. */
const gaveUp = 124;

/** @param limitS whole seconds after which the sender gives up */
export async function upload(lab: Lab, bytes: number, limitS = 5): Promise<Upload> {
  const script = `exec timeout ${limitS} perl -e '${sender.replaceAll("'", "'\\''")}' ${vipsOf(lab.spec)[0]} ${uploadPort} ${bytes}`;
  const client = lab.host(clientOf(lab.spec).name);
  const { code, stdout } = await client.exec(script, { okCodes: [0, gaveUp] });
  const [took, sent, arrived, got] = stdout.trim().split(' ');
  const error =
    code === gaveUp
      ? 'timeout'
      : got === undefined
        ? stdout.trim() || 'the sender said nothing'
        : 'no hash came back';
  if (got === undefined || got === 'none') return { tookUs: null, arrivedBytes: 0, same: false, error };
  return { tookUs: Number(took), arrivedBytes: Number(arrived), same: sent === got };
}

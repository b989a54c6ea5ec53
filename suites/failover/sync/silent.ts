import type { Lab } from '../../../src/model/lab.ts';

/**
 * Opens connections and says nothing: SYN and ACK are all that the director sees of them. On a line it sends a
 * request on each, and tells what came of it. Node's sockets of the prober always ask at once.
 */
const script = `
use strict; use IO::Socket::INET; $| = 1;
my ($ip, $port, $count) = @ARGV; my @s;
for (1 .. $count) {
  my $s = IO::Socket::INET->new(PeerAddr => $ip, PeerPort => $port, Timeout => 3);
  push @s, $s if $s;
}
print join(' ', 'ports', map { $_->sockport } @s), "\\n";
<STDIN>;
$SIG{PIPE} = 'IGNORE'; $SIG{ALRM} = sub { die "timeout\\n" };
my @said;
for my $s (@s) {
  my $got = '';
  my $n = eval { alarm 2; syswrite($s, "GET / HTTP/1.0\\r\\n\\r\\n"); my $r = sysread($s, $got, 512); alarm 0; $r };
  push @said, $@ ? 'timeout' : !defined $n ? ($!{ECONNRESET} ? 'reset' : 'error') : $n > 0 ? 'answered' : 'closed';
}
print join(' ', 'said', @said), "\\n";
`;

export interface Silent extends AsyncDisposable {
  /** Local ports of the connections that came about. */
  ports: number[];
  /** Breaks the silence; `answered`, `reset`, `closed`, `timeout` or `error` for each. */
  speak(): Promise<string[]>;
}

/** @throws Error when the program on the client ends before it has said what it has. */
export async function silentConnections(
  lab: Lab,
  client: string,
  target: { ip: string; port: number },
  count: number,
): Promise<Silent> {
  const process = await lab
    .host(client)
    .spawn(['perl', '-MErrno', '-e', script, target.ip, String(target.port), String(count)]);
  const lines = process.lines()[Symbol.asyncIterator]();
  const next = async (word: string): Promise<string[]> => {
    const { value, done } = await lines.next();
    const [first, ...rest] = done ? [] : value.trim().split(' ');
    if (first !== word) throw new Error(`the silent client on ${client} ended: ${process.stderr()}`);
    return rest;
  };
  return {
    ports: (await next('ports')).map(Number),
    speak: () => {
      process.write('\n');
      return next('said');
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

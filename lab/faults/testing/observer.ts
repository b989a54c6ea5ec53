import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Lab } from '../../../src/model/lab.ts';
import { hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { until } from '../../../src/util/until.ts';
import { ask } from '../ask.ts';
import { parseStat } from '../daemon.ts';

const run = promisify(execFile);

export const vip = '198.18.0.100';

/** Looks at a lab from outside, by means that no fault uses. */
export class Observer {
  constructor(private readonly lab: Lab) {}

  /**
   * What must be as before once a fault is over: addresses and rules of directors, ports and filters of the switch,
   * and that nothing is stopped. Few programs are started for it, since that is what takes long.
   */
  async state(): Promise<string> {
    const directors = hostsOf(this.lab.spec, 'director').map(({ name }) => name);
    const rules =
      'while read -r a b c d _; do echo "$a $b $c $d"; done </proc/net/ip_vs; exec ip -br -4 addr';
    const [wires, ...held] = await Promise.all([
      this.#said('switch', 'nft list ruleset; exec ip -br link show up'),
      ...directors.map((name) => this.#said(name, rules)),
    ]);
    // A port that was made again has another number and address.
    const ports = wires.replace(/^(\S+)@\S+ +(\S+).*$/gm, '$1 $2').split('\n');
    const addresses = held.map((text) => text.replace(/@if\d+/g, ''));
    return [ports.sort().join('\n'), ...addresses, `stopped: ${stopped().join(', ')}`].join('\n--\n');
  }

  async holders(): Promise<string[]> {
    const directors = hostsOf(this.lab.spec, 'director').map(({ name }) => name);
    const held = await Promise.all(directors.map((name) => this.#said(name, 'ip -o -4 addr show dev eth0')));
    return directors.filter((_, i) => held[i]?.includes(` ${vip}/`));
  }

  async becomesHolder(director: string): Promise<boolean> {
    const look = async () => (await this.holders()).includes(director) || undefined;
    return until(`${director} to hold the VIP`, look, { withinMs: 5_000 }).catch(() => false);
  }

  /** @param to a host, or an address. */
  async outcome(from: string, to: string, port = 80): Promise<string> {
    const address = this.lab.spec.hosts.find(({ name }) => name === to)?.ip ?? to;
    const { outcome, status } = await ask(this.lab.host(from), { address, port }, 900);
    return status === null ? outcome : String(status);
  }

  /** Outcomes of one short attempt after the other, until two different ones were seen. */
  async outcomes(from: string, to: string): Promise<string[]> {
    const address = hostSpec(this.lab.spec, to).ip;
    const seen = new Set<string>();
    const end = performance.now() + 8_000;
    while (performance.now() < end && seen.size < 2)
      seen.add((await ask(this.lab.host(from), { address, port: 80 }, 60)).outcome);
    return [...seen].sort();
  }

  /** Whether a program of the host goes on: it writes a line each 20 ms. */
  async ticks(host: string): Promise<boolean> {
    const count = async () =>
      Number(await this.#said('switch', `wc -l </run/ticks-${host} 2>/dev/null || echo 0`));
    if ((await count()) === 0) {
      const ticking = `$| = 1; for (1 .. 5000) { print "tick\\n"; select undef, undef, undef, 0.02 }`;
      await this.lab.host(host).spawn(['sh', '-c', `exec perl -e '${ticking}' >/run/ticks-${host}`]);
      await until('the first tick', async () => (await count()) > 0 || undefined, { withinMs: 5_000 });
    }
    const before = await count();
    return until('more ticks', async () => (await count()) > before || undefined, { withinMs: 400 }).catch(
      () => false,
    );
  }

  /** How many of so many datagrams to all hosts one of them hears. */
  async datagrams(from: string, to: string, count: number): Promise<number> {
    const hear = `use Socket; socket my $s, AF_INET, SOCK_DGRAM, 0; bind $s, pack_sockaddr_in(4000, INADDR_ANY);
      $| = 1; print "ready\\n"; <STDIN>; my $n = 0;
      $n++ while defined recv $s, my $data, 100, 0x40; print "$n\\n"`; // MSG_DONTWAIT
    await using listener = await this.lab.host(to).spawn(['perl', '-e', hear]);
    const lines = listener.lines()[Symbol.asyncIterator]();
    await lines.next();
    const call = `use Socket; socket my $s, AF_INET, SOCK_DGRAM, 0; setsockopt $s, SOL_SOCKET, SO_BROADCAST, 1;
      send $s, "x", 0, pack_sockaddr_in(4000, inet_aton("198.18.255.255")) for 1 .. ${count}`;
    await this.lab.host(from).exec(`perl -e '${call}'`);
    listener.write('\n');
    return Number((await lines.next()).value);
  }

  /** Whose MAC address the host would send to for the VIP. */
  async neighbourOf(host: string): Promise<string> {
    const said = await this.#said(host, `exec ip -4 neigh show to ${vip}`);
    const mac = /lladdr (\S+)/.exec(said)?.[1] ?? '';
    return this.lab.spec.hosts.find((one) => one.mac === mac)?.name ?? mac;
  }

  async sendsTo(host: string, director: string): Promise<boolean> {
    const look = async () => (await this.neighbourOf(host)) === director || undefined;
    return until(`${host} to send to ${director}`, look, { withinMs: 8_000 }).catch(() => false);
  }

  async lostAnnouncements(): Promise<number> {
    const counts = await this.#said('switch', 'nft list ruleset');
    return [...counts.matchAll(/counter packets (\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
  }

  /** How much is there of what no configuration has: an address and a virtual service. */
  async marks(host: string): Promise<number> {
    const said = await this.#said(host, 'ip -br -4 addr; cat /proc/net/ip_vs');
    return [...said.matchAll(/198\.18\.77\.77|C6124D4D/g)].length;
  }

  async clockMs(host: string): Promise<number> {
    const { stdout } = await this.lab.host(host).exec('date +%s%3N; cat /proc/uptime');
    const [wall = '', up = ''] = stdout.split(/\s/);
    return Number(wall) - 1000 * Number(up);
  }

  /** A connection through the VIP that stays, on which requests go on. */
  async hold(): Promise<AsyncDisposable & { again(): Promise<string> }> {
    const program = `use Socket; $| = 1; socket my $s, AF_INET, SOCK_STREAM, 0; connect $s, pack_sockaddr_in(80, inet_aton("${vip}"));
      print "up\\n"; while (<STDIN>) { syswrite $s, "GET / HTTP/1.1\\r\\n\\r\\n"; my ($bits, $a) = ("", ""); vec($bits, fileno $s, 1) = 1;
      print select($bits, undef, undef, 0.9) && sysread($s, $a, 4096) && $a =~ m{ (\\d+) } ? "$1\\n" : "unanswered\\n" }`;
    const held = await this.lab.host('client1').spawn(['perl', '-e', program]);
    const lines = held.lines()[Symbol.asyncIterator]();
    await lines.next();
    return {
      again: async () => {
        held.write('\n');
        return String((await lines.next()).value);
      },
      [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
    };
  }

  async #said(host: string, script: string): Promise<string> {
    if (host !== 'switch') return (await this.lab.host(host).exec(script)).stdout.trim();
    return (await run('ip', ['netns', 'exec', 'switch', 'sh', '-c', script])).stdout.trim();
  }
}

/** Programs of any host that stand still. */
const stopped = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return parseStat(`${readFileSync(`/proc/${pid}/stat`)}`);
      } catch {
        return [];
      }
    })
    .filter(({ state }) => state === 'T')
    .map(({ name }) => name);

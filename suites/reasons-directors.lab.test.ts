import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookOn, type Ran, ranOn } from '../src/cli/testing/broken-lab.ts';
import { TestFolder } from '../src/cli/testing/drlab.ts';

/** As in reasons.lab.test.ts, at the directors and their services: several share a lab, each at a VIP of its own. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('two directors with the VIP', () => {
  const untilHeld = (name: string): string =>
    `until ip -n ${name} -o addr show dev eth0 to 198.18.0.100 | grep -q .; do sleep 0.2; done`;
  const pair = (name: string, hook: string): Promise<Ran> =>
    ranOn(
      folder,
      {
        name,
        directors: { count: 2, with: 'keepalived' },
        realServers: 1,
        hooks: { afterApply: [[untilHeld('d1'), hook, untilHeld('d2')].join('\n')] },
      },
      ['STA-01', 'ARP-01', 'ARP-12'],
    );
  const filtered = ['d1', 'd2'].map((name) =>
    hookOn(
      name,
      'tc qdisc add dev eth0 clsact; tc filter add dev eth0 egress protocol ip u32 match ip protocol 112 0xff action drop',
    ),
  );

  it('do not hear each other: split brain', async () => {
    const ran = await pair('split', filtered.join('\n'));
    expect(ran.of('ARP-12').cause).toMatch(/^d1 and d2 do not hear each other: split brain/);
    expect(ran.of('ARP-01').cause).toMatch(/^more than one director answers, d1 and d2: split brain/);
    expect(ran.of('STA-01').seen).not.toMatch(/keepalived/);
  });

  it('since the daemon of one is stopped: that one is named, before any traffic and after it', async () => {
    const stop = `kill -STOP $(ip netns pids d1 | while read -r p; do read -r c </proc/$p/comm; [ "$c" != keepalived ] || echo $p; done)`;
    const ran = await pair('stopped', stop);
    const why = 'keepalived on d1 is stopped (SIGSTOP) and does nothing';
    expect(ran.of('STA-01')).toMatchObject({
      verdict: 'warn',
      seen: why,
      remedy: [{ on: 'd1', run: 'kill -CONT $(pidof keepalived)' }],
    });
    for (const id of ['ARP-12', 'ARP-01'])
      expect(ran.of(id).cause).toBe(`${why}: it keeps 198.18.0.100, and d2 took it over`);
    expect(ran.of('ARP-01').because).toEqual({ check: 'ARP-12', hosts: ['d1'] });
  });
});

describe('faults of services', () => {
  let ran: Ran;
  const vips = Array.from({ length: 5 }, (_, i) => `198.18.0.${100 + i}`);
  const [persistent = '', busy = '', dropped = '', wrapped = '', filtered = ''] = vips;
  beforeAll(async () => {
    ran = await ranOn(
      folder,
      {
        name: 'services',
        directors: 1,
        realServers: 3,
        clients: 2,
        services: vips.map((vip) => ({ vip, port: 80 })),
        hooks: {
          afterApply: [
            `ip netns exec d1 ipvsadm -E -t ${persistent}:80 -s rr -p 300`,
            // Slow enough for another client to come between.
            hookOn('c1', 'tc qdisc add dev eth0 root netem delay 20ms'),
            `ip netns exec c2 perl -MIO::Socket::INET -e 'while (1) { IO::Socket::INET->new("${busy}:80"); select undef, undef, undef, 0.03 }' >/dev/null 2>&1 </dev/null &`,
            hookOn('rs2', `iptables-legacy -A INPUT -d ${dropped} -j DROP`),
            hookOn('d1', `ipvsadm -e -t ${wrapped}:80 -r 198.18.1.1:80 -i -w 1`),
            hookOn('d1', `iptables-legacy -A OUTPUT -d ${filtered} -m length --length 70:100 -j DROP`),
          ],
        },
      },
      ['SCH-01', 'SCH-24', 'PP-01', 'PP-22', 'PP-24'],
    );
  });

  /** What is said of one VIP: the checks look at each. */
  const said = (id: string, vip: string, key: 'cause' | 'seen' = 'cause'): string =>
    (ran.of(id)[key] ?? '')
      .split(/(?:^|; )from c1, to tcp /)
      .filter((part) => part.startsWith(vip))
      .join('; ');

  it('persistence that somebody set, and connections that come between', () => {
    expect(said('SCH-01', persistent)).toMatch(/the service is persistent \(300 s, by the table of d1\)/);
    expect(said('SCH-01', persistent)).not.toMatch(/other connections/);
    expect(said('SCH-01', busy)).toMatch(/other connections came between/);
    expect(said('SCH-01', busy)).not.toMatch(/persistent/);
  });

  it('a real server that drops packets, and weights and methods have no part in it', () => {
    for (const id of ['SCH-24', 'PP-22']) {
      expect(said(id, dropped), id).toMatch(/rs2 drops or rejects packets to 198\.18\.0\.102:80 itself/);
      expect(said(id, dropped), id).not.toMatch(/weight|routing|NAT|persistent/);
    }
    expect(said('SCH-24', persistent)).toMatch(/persistent \(300 s.*templates outlive the weight/);
    expect(said('SCH-24', persistent)).not.toMatch(/drops/);
  });

  it('packets that leave the director wrapped, by its table, and such as a filter drops', () => {
    expect(said('PP-01', wrapped, 'seen')).toMatch(/frames differ: wrapped in IPIP/);
    expect(said('PP-24', wrapped)).not.toMatch(/filter/);
    expect(said('PP-24', filtered)).toMatch(/d1 .*a filter on the way out drops it/);
    expect(said('PP-24', filtered)).not.toMatch(/TUN|IPIP/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookOn, type Ran, ranOn } from '../src/cli/testing/broken-lab.ts';
import { TestFolder } from '../src/cli/testing/drlab.ts';

/**
 * Faults that hooks put into labs, each beside one that looks alike: the cause names the host and what is wrong with
 * it, and the look-alike is not said to be that. Several share a lab, each on a host of its own.
 */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The parts of a cause that name this host. */
const saidOf = (ran: Ran, id: string, host: string): string =>
  (ran.of(id).cause ?? '')
    .split('; ')
    .filter((part) => new RegExp(`\\b${host}\\b`).test(part))
    .join('; ');

const errsAt = (port: number): string[] => [
  `ip netns exec rs3 perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 81, Listen => 99);
   while ($c = $s->accept) { sysread $c, $_, 4096; print $c "HTTP/1.1 500 no\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"; close $c }' >/dev/null 2>&1 </dev/null &`,
  ...['PREROUTING', 'OUTPUT'].map((chain) =>
    hookOn('rs3', `iptables-legacy -t nat -A ${chain} -p tcp --dport ${port} -j REDIRECT --to-ports 81`),
  ),
];

describe('faults of real servers', () => {
  let ran: Ran;
  beforeAll(async () => {
    const dip = `$(ip -n d1 -br -4 addr show eth0 | awk "{ print \\$3 }" | cut -d/ -f1)`;
    ran = await ranOn(
      folder,
      {
        name: 'servers',
        directors: 1,
        realServers: Array.from({ length: 9 }, (_, i) => ({
          name: `rs${i + 1}`,
          ...(i + 1 === 4 && { listenOn: 'rip' }),
        })),
        clients: [{ name: 'c1', via: 'router' }],
        hooks: {
          afterApply: [
            hookOn('rs1', 'tc qdisc add dev eth0 root netem delay 400ms'),
            hookOn('rs2', 'sysctl -qw net.ipv4.conf.all.arp_ignore=8'),
            ...errsAt(80),
            hookOn('rs5', 'ip route del default'),
            `dip=${dip}; ip netns exec rs6 iptables-legacy -A INPUT -p tcp --dport 80 ! -s $dip -j DROP`,
            hookOn('rs7', 'tc qdisc add dev eth0 root netem loss 30%'),
            hookOn(
              'rs8',
              'iptables-legacy -A INPUT -p tcp --syn -m limit --limit 20/s -j ACCEPT; iptables-legacy -A INPUT -p tcp --syn -j DROP',
            ),
            hookOn('rs9', 'iptables-legacy -A INPUT -p tcp --sport 41000:44000 -j DROP'),
          ],
        },
      },
      ['ARP-06', 'PP-16', 'FW-06', 'FW-08'],
    );
  });

  it('one answers late, another not at all', () => {
    expect(ran.of('ARP-06').seen).toMatch(/rs2 answers no ARP request .*; rs1 answers late, after 4\d\d ms$/);
    expect(saidOf(ran, 'ARP-06', 'rs1')).toMatch(/^what rs1 sends or receives is delayed/);
    expect(saidOf(ran, 'ARP-06', 'rs2')).toBe('rs2: arp_ignore is 8');
  });

  it('one answers 500, another does not listen on the VIP', () => {
    expect(saidOf(ran, 'PP-16', 'rs3')).toBe('the service on rs3 listens on the VIP and answers HTTP 500');
    expect(saidOf(ran, 'PP-16', 'rs4')).toBe('a service on rs4 does not listen on the VIP');
  });

  it('one has no way back, at another a rule asks for the source address', () => {
    expect(saidOf(ran, 'FW-06', 'rs5')).toMatch(/^rs5 has no route back to the client/);
    expect(saidOf(ran, 'FW-08', 'rs5')).toBe('');
    expect(saidOf(ran, 'FW-08', 'rs6')).toMatch(
      /^rs6 takes connections .*: a rule asks for the source address/,
    );
  });

  it('one loses packets, one has a limit of SYNs, another a rule about ports', () => {
    for (const host of ['rs7', 'rs8']) {
      expect(saidOf(ran, 'FW-06', host)).toMatch(/answers? some SYNs and not others, .*loss .* or a limit/);
      expect(saidOf(ran, 'FW-06', host)).not.toMatch(/from the ports/);
    }
    expect(saidOf(ran, 'FW-06', 'rs9')).toMatch(
      /^rs9 lets clients in, but not from the ports 4[1-4]\d+ to 4[1-4]\d+$/,
    );
  });
});

describe('who owns the VIP', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await ranOn(
      folder,
      {
        name: 'owners',
        directors: 1,
        realServers: 3,
        clients: 2,
        hooks: {
          afterApply: [
            hookOn('c2', 'ip addr add 198.18.0.100/32 dev eth0'),
            hookOn('rs1', 'sysctl -qw net.ipv4.conf.all.arp_ignore=0'),
            hookOn('rs3', 'ip addr del 198.18.0.100/32 dev lo; ip addr add 198.18.0.100/32 dev eth0'),
          ],
        },
      },
      ['ARP-01', 'ARP-02', 'ARP-11'],
    );
  });

  it('a client, a real server that does not ignore, and one with the VIP on its interface: each is told as what it is', () => {
    expect(saidOf(ran, 'ARP-01', 'c2')).toMatch(/^c2, a client, has 198\.18\.0\.100 on eth0/);
    expect(saidOf(ran, 'ARP-01', 'rs1')).toMatch(/^rs1: effective arp_ignore is 0/);
    expect(saidOf(ran, 'ARP-01', 'rs3')).toMatch(/^rs3 has the VIP on eth0, where arp_ignore=1/);
    for (const { id, cause = '' } of ran.results) {
      expect(cause, id).not.toMatch(/split brain|more than one director/);
      expect(cause, id).not.toMatch(/rs3[^;]*arp_ignore is 0/);
    }
  });

  it('and all of it is one root', () =>
    expect(ran.results.flatMap(({ id, because }) => (because ? [[id, because.check]] : []))).toEqual(
      ran.results.flatMap(({ id, verdict }) =>
        id === 'ARP-01' || verdict === 'pass' ? [] : [[id, 'ARP-01']],
      ),
    ));
});

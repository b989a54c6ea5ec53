import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../../src/util/root.ts';

const setUp =
  'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && "$@"';
// biome-ignore lint/suspicious/noExplicitAny: what the program prints, looked at field by field
let seen: any;

// The namespaces of whoever runs this, and those of somebody without any privilege.
describe.each(['root', 'nobody'])('a lab of %s', (user) => {
  beforeAll(() => {
    const program = [process.execPath, compiled('lab/netns/program.js')];
    const unshare = ['--mount-proc', '--kill-child', 'sh', '-c', setUp, 'sh', ...program];
    const nobody = [
      'setpriv',
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      'unshare',
      '-Urmnpf',
    ];
    const [command = '', ...start] = user === 'root' ? ['unshare', '-mnpf'] : nobody;
    seen = JSON.parse(execFileSync(command, [...start, ...unshare], { encoding: 'utf8', timeout: 120_000 }));
  });

  describe('a host', () => {
    it('ends what takes too long, with its descendants', () => {
      expect(seen.execs.late).toMatch(/waited 200 ms for «sleep 60 & sleep 60» on rs1/);
      expect(seen.execs.lateMs).toBeLessThan(2_000);
    });

    it('says why a script failed', () => {
      expect(seen.execs.failed).toBe('on rs1: «echo why >&2; exit 3» ended with 3: why');
    });

    it('keeps many scripts at once apart', () => {
      expect(seen.execs.many).toEqual(Array.from({ length: 20 }, (_, i) => [i, String(i)]));
    });

    it('carries a megabyte in and out', () => {
      expect([seen.execs.bigBytes, seen.execs.bigStderr]).toEqual([1_000_000, 'end\n']);
    });

    it('runs scripts longer than an argument may be', () => {
      expect(seen.execs.longScript).toBe('long\n');
    });

    it('does not wait for what a script leaves behind', () => {
      expect(seen.execs.background).toBe('started\n');
    });

    it('runs scripts of Perl as perl would', () => {
      expect(seen.execs.perl).toEqual([3, 'one two 2', "it's", 255, 'some', 'no more\n']);
    });

    it('has a folder of its own for relative paths', () => {
      expect([seen.execs.note, seen.execs.got]).toEqual(['relative', 'relative']);
    });

    it('talks with a program that goes on', () => {
      expect(seen.execs.lines).toEqual(['got one', 'got two']);
    });
  });

  describe('traffic', () => {
    it('reaches real servers through the VIP, from the segment and through the router', () => {
      expect(seen.unsettled).toBeUndefined();
      for (const answer of seen.traffic.answers) expect(answer).toMatch(/^rs[123] 198\.18\.\S+\n 0$/);
      expect(seen.traffic.outside).toMatch(/^rs[123] 198\.19\.0\.10\n 0$/);
    });

    it('is captured once on each leg, up to the moment of stopping', () => {
      const client = seen.facts.find(({ host }: { host: string }) => host === 'client1').facts.addresses;
      const fromClient = seen.traffic.syns.filter((mac: string) => client.includes(mac));
      expect(seen.traffic.syns).toHaveLength(12);
      expect(fromClient).toHaveLength(6);
    });

    it('over UDP comes back from the VIP', () => {
      expect(seen.traffic.udp).toMatch(/^rs[123] hi$/);
    });

    it('is not captured with a filter that is none', () => {
      expect(seen.traffic.refusedFilter).toMatch(/on switch: «tcpdump.*syntax error/s);
    });
  });

  it('breaks and fixes real servers and links', () => {
    const { before, killed, restarted, cut, restored } = seen.faults;
    const good = /^rs1 198\.18\.\S+\n 0$/;
    expect([before, restarted, restored]).toEqual([1, 2, 3].map(() => expect.stringMatching(good)));
    // curl: 56 is a reset, 7 a refusal, 28 silence.
    expect([killed.held, killed.fresh, cut]).toEqual(['56', '7', '28']);
  });

  it('reads provenance of every host', () => {
    expect(seen.facts.find(({ host }: { host: string }) => host === 'rs1').facts).toMatchObject({
      addresses: expect.stringContaining('inet 198.18.0.100/32 scope global lo'),
      routes: expect.stringContaining('default via 198.18.0.1 dev eth0'),
      sysctls: expect.stringContaining('net.ipv4.conf.all.arp_ignore = 1'),
      offloads: expect.stringContaining('tx-checksumming'),
    });
  });

  describe('a lab that is broken on purpose', () => {
    it('is refused when a hook fails', () => {
      expect(seen.refused).toBe(
        'hooks.afterApply[0]: on the sandbox: «echo no >&2; exit 3» ended with 3: no',
      );
    });

    it('comes up, and says what is missing', () => {
      expect(seen.brokenUnsettled).toMatch(/dir1: lacks vip:198\.18\.0\.100/);
    });
  });

  it('leaves nothing behind after 23 labs', () => {
    expect(seen.atEnd).toEqual(seen.atStart);
  });

  it('takes no more for each of 200 hosts than for each of a few, and less to remove them than to build them', () => {
    const small = seen.rebuildsMs.toSorted((a: number, b: number) => a - b)[10] / seen.smallHosts;
    expect(seen.largeUpMs / seen.largeHosts).toBeLessThan(2 * small);
    expect(seen.largeDownMs).toBeLessThan(seen.largeUpMs);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/programs/index.ts';
import { noDockerd } from './testing/daemon.ts';
import { Neighbourhood } from './testing/neighbourhood.ts';

describe.skipIf(noDockerd())('in a Docker that runs already', () => {
  let there: Neighbourhood;
  beforeAll(async () => {
    there = await Neighbourhood.create();
  });
  afterAll(() => there?.[Symbol.asyncDispose]());

  test('hosts do what hosts do, and leave nothing', async () => {
    await using lab = await there.build('clients: 2\n');
    expect(lab.unsettled).toBeUndefined();
    const [c1, rs1] = [lab.host('c1'), lab.host('rs1')];
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    await c1.put('sub/bytes', bytes);
    expect(Buffer.from(await c1.get('sub/bytes')).equals(Buffer.from(bytes))).toBe(true);
    expect((await c1.exec('cat', { input: 'x'.repeat(300_000) })).stdout.length).toBe(300_000);
    expect(await c1.exec('exit 3', { okCodes: [3] })).toMatchObject({ code: 3 });
    await expect(c1.exec('echo why >&2; exit 4')).rejects.toThrow(/on c1: .*ended with 4: why/s);
    await expect(c1.exec('sleep 20', { timeoutMs: 200 })).rejects.toThrow(/waited 200 ms/);
    expect(await c1.run(['printf', '%s|', "it's", '$HOME', ''])).toMatchObject({ stdout: "it's|$HOME||" });
    await expect(c1.run(['false'])).rejects.toThrow(/on c1: «false» ended with 1/);
    const [[status] = []] = await runProgram(c1, 'request', ['198.18.0.100', 80, 2_000]);
    expect(status).toBe('200');
    expect((await rs1.exec('cat /proc/sys/net/ipv4/conf/all/arp_ignore')).stdout.trim()).toBe('1');
    await expect(rs1.exec('echo 1 >/proc/sys/kernel/panic')).rejects.toThrow();
    await using cat = await c1.spawn(['cat']);
    cat.write('one\n');
    for await (const line of cat.lines()) {
      expect(line).toBe('one');
      break;
    }

    const capture = await lab.capture({ filter: 'tcp dst port 80 and tcp[tcpflags] & tcp-syn != 0' });
    const answer = () =>
      c1.exec('curl -s --max-time 2 http://198.18.0.100/; true').then(({ stdout }) => stdout);
    expect(await answer()).toMatch(/^rs[12] 198\.18\.250\.1\n/);
    await c1.put('seen.pcap', await capture.stop());
    const seen = (await c1.exec('tcpdump -Z root -enr seen.pcap 2>/dev/null')).stdout.trim().split('\n');
    // Once from the client to the director, and once from the director to a real server.
    expect(seen.map((line) => line.replace(/^\S+ (\S+) > (\S+),.*/, '$1 $2'))).toEqual([
      '02:0c:00:00:00:01 02:0d:00:00:00:01',
      expect.stringMatching(/^02:0d:00:00:00:01 02:0e:00:00:00:0[12]$/),
    ]);

    const direct = (withinS: number) =>
      c1.exec(`curl -s --max-time ${withinS} http://198.18.1.1/; true`).then(({ stdout }) => stdout.trim());
    await lab.faults.killService('rs1');
    expect(await direct(1)).toBe('');
    await lab.faults.restartService('rs1');
    expect(await direct(5)).toMatch(/^rs1 /);
    expect(lab.lacks('linkFault')).toBeUndefined();
    await lab.faults.cutLink('rs1');
    expect(await direct(1)).toBe('');
    await lab.faults.restoreLink('rs1');
    expect(await direct(5)).toMatch(/^rs1 /);
    await lab[Symbol.asyncDispose]();
    expect(await there.outside.things()).toEqual(there.foreign);
  });

  test('a bridge serves where macvlan is unavailable', async () => {
    await using lab = await there.build('clients: [ {}, { via: router } ]\n', ', network: bridge');
    const answer = (host: string) => lab.host(host).exec('curl -s --max-time 2 http://198.18.0.100/');
    expect((await answer('c1')).stdout).toMatch(/^rs[12] 198\.18\.250\.1\n/);
    expect((await answer('c2')).stdout).toMatch(/^rs[12] 198\.19\.0\.10\n/);
    const direct = (withinS: number) =>
      lab.host('c1').exec(`curl -s --max-time ${withinS} http://198.18.1.1/; true`);
    await lab.faults.cutLink('rs1');
    expect((await direct(1)).stdout).toBe('');
    await lab.faults.restoreLink('rs1');
    expect((await direct(5)).stdout).toMatch(/^rs1 /);
  });

  test("a user's own image answers on the VIP, dies and comes back", async () => {
    await using lab = await there.build('realServers: [ { name: rs1, image: "shop:1" } ]\n');
    const answer = () => lab.host('c1').exec('curl -s --max-time 2 http://198.18.0.100/; true');
    expect((await answer()).stdout).toBe('the real application\n');
    await lab.faults.killService('rs1');
    expect((await answer()).stdout).toBe('');
    await lab.faults.restartService('rs1');
    expect((await answer()).stdout).toBe('the real application\n');
    expect(lab.lacks('severalRealServers')).toMatch(/image of your own/);
  });
});

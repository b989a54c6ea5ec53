import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import type { RunRecord } from '../../src/model/record.ts';
import { messageOf } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { compiled } from '../servers/paths.ts';
import { aliasOf } from './cable.ts';
import { buildDockerLab, sweepDocker } from './index.ts';
import { labelsOf, thisOwner } from './labels.ts';
import { noDockerd, TestDocker } from './testing/daemon.ts';

const reason = noDockerd();
if (reason) process.stderr.write(`labs of containers are not tested here: ${reason}\n`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drlab-docker-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const drlab = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [compiled('src/cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = drlab(...args);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, said };
}

describe.skipIf(reason)('in a Docker of its own', () => {
  test('the default lab is conformant, with an nftables director on the kernel of this machine', async () => {
    const out = join(folder, 'own');
    const { code, said } = await run(
      'run',
      'arp',
      'path',
      '--lab',
      'docker',
      '--sandbox',
      'host',
      '--out',
      out,
    );
    expect(said).toMatch(/Conformant/);
    expect(code).toBe(0);
    const record = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as RunRecord;
    const passed = record.results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['ARP-01', 'PP-01']));
    expect(record.results.filter(({ verdict }) => !['pass', 'unsupported'].includes(verdict))).toEqual([]);
  });
});

describe.skipIf(reason)('in a Docker that runs already', () => {
  let outside: TestDocker;
  let foreign: { containers: string[]; networks: string[]; images: string[]; interfaces: string[] };

  const labText = (more = '', docker = '') =>
    `name: guest\ndriver: { docker: { endpoint: "${outside.endpoint}"${docker} } }\ndirectors: { with: nftables }\n${more}`;
  const labFile = async (name: string, text: string): Promise<string> => {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, text);
    return path;
  };
  const build = (more = '', docker = '') => buildDockerLab(parseLab(labText(more, docker), 'guest.yaml'));

  beforeAll(async () => {
    outside = await TestDocker.start();
    await outside.importImage('shop:1', ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www']);
    await outside.importImage('broken:1', ['/bin/busybox', 'cat', '/no/such/file']);
    const container = await outside.docker.createContainer({
      name: 'foreign',
      Image: 'shop:1',
      Labels: { 'com.example': 'yes' },
      HostConfig: { NetworkMode: 'none' },
    });
    await container.start();
    await outside.sh('ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up');
    foreign = await outside.things();
    expect(foreign.containers).toEqual(['foreign']);
    expect(foreign.interfaces).toEqual(['lan0', 'lan1']);
  });
  afterAll(() => outside?.[Symbol.asyncDispose]());

  test('hosts do what hosts do, and leave nothing', async () => {
    const lab = await build('clients: 2\n');
    expect(lab.unsettled).toBeUndefined();
    const [c1, rs1] = [lab.host('c1'), lab.host('rs1')];
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    await c1.put('sub/bytes', bytes);
    expect(Buffer.from(await c1.get('sub/bytes')).equals(Buffer.from(bytes))).toBe(true);
    expect((await c1.exec('cat', { input: 'x'.repeat(300_000) })).stdout.length).toBe(300_000);
    expect(await c1.exec('exit 3', { okCodes: [3] })).toMatchObject({ code: 3 });
    await expect(c1.exec('echo why >&2; exit 4')).rejects.toThrow(/on c1: .*ended with 4: why/s);
    await expect(c1.exec('sleep 20', { timeoutMs: 200 })).rejects.toThrow(/waited 200 ms/);
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

    const direct = () =>
      c1.exec('curl -s --max-time 1 http://198.18.1.1/; true').then(({ stdout }) => stdout.trim());
    await lab.faults.killService('rs1');
    expect(await direct()).toBe('');
    await lab.faults.restartService('rs1');
    expect(await direct()).toMatch(/^rs1 /);
    expect(lab.lacks('linkFault')).toBeUndefined();
    await lab.faults.cutLink('rs1');
    expect(await direct()).toBe('');
    await lab.faults.restoreLink('rs1');
    expect(await direct()).toMatch(/^rs1 /);
    await lab[Symbol.asyncDispose]();
    expect(await outside.things()).toEqual(foreign);
  });

  test('a bridge serves where macvlan is not to be had', async () => {
    await using lab = await build('clients: [ {}, { via: router } ]\n', ', network: bridge');
    const answer = (host: string) => lab.host(host).exec('curl -s --max-time 2 http://198.18.0.100/');
    expect((await answer('c1')).stdout).toMatch(/^rs[12] 198\.18\.250\.1\n/);
    expect((await answer('c2')).stdout).toMatch(/^rs[12] 198\.19\.0\.10\n/);
    const direct = () => lab.host('c1').exec('curl -s --max-time 1 http://198.18.1.1/; true');
    await lab.faults.cutLink('rs1');
    expect((await direct()).stdout).toBe('');
    await lab.faults.restoreLink('rs1');
    expect((await direct()).stdout).toMatch(/^rs1 /);
  });

  test("a user's own image answers on the VIP, dies and comes back", async () => {
    await using lab = await build('realServers: [ { name: rs1, image: "shop:1" } ]\n');
    const answer = () => lab.host('c1').exec('curl -s --max-time 2 http://198.18.0.100/; true');
    expect((await answer()).stdout).toBe('the real application\n');
    await lab.faults.killService('rs1');
    expect((await answer()).stdout).toBe('');
    await lab.faults.restartService('rs1');
    expect((await answer()).stdout).toBe('the real application\n');
    expect(lab.lacks('severalRealServers')).toMatch(/image of your own/);
  });

  test('after kill -9 nothing of ours is left by a sweep, and what is foreign stays', async () => {
    const file = await labFile('killed', labText('realServers: 3\n'));
    const child = drlab('run', 'arp', 'path', '--lab', file, '--out', join(folder, 'killed'));
    let said = '';
    child.stdout?.on('data', (chunk) => (said += String(chunk)));
    await until('the lab to be up', () => /lab up/.test(said) || undefined, {
      withinMs: 60_000,
      lastSeen: () => said,
    });
    expect((await outside.things()).containers.length).toBe(7);
    child.kill('SIGKILL');
    await new Promise((ended) => child.once('close', ended));
    const { code, said: swept } = await run('lab', 'sweep', '--docker', outside.endpoint);
    expect(swept).toMatch(/removed network drlab-/);
    expect(code).toBe(0);
    expect(await outside.things()).toEqual(foreign);
    expect((await run('lab', 'sweep', '--lab', file)).said).toMatch(/nothing of ours/);
  });

  test('Ctrl-C in the middle leaves nothing', async () => {
    const file = await labFile('interrupted', labText());
    const child = drlab('run', 'arp', 'path', '--lab', file, '--out', join(folder, 'interrupted'));
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    const up = () => /lab up/.test(said) || undefined;
    await until('the lab to be up', up, { withinMs: 60_000, lastSeen: () => said });
    child.kill('SIGINT');
    expect(await new Promise((ended) => child.once('close', ended))).toBe(130);
    expect(await outside.things()).toEqual(foreign);
  });

  test('a sweep tells the dead from the living', async () => {
    const [living, dead] = [thisOwner(), { ...thisOwner(), startTicks: '1' }];
    const made = [living, dead].map(async (owner) => {
      const labels = labelsOf('swept', owner);
      const container = await outside.docker.createContainer({
        name: `drlab-${owner.run}-host`,
        Image: 'shop:1',
        Labels: labels,
        Volumes: { '/data': {} },
        HostConfig: { NetworkMode: 'none' },
      });
      await container.start();
      await outside.docker.createNetwork({
        Name: `drlab-${owner.run}-lan`,
        Driver: 'bridge',
        Labels: labels,
      });
      const cable = `drlab${owner.run}la`;
      await outside.sh(
        `ip link add ${cable} type veth peer name drlab${owner.run}lb; ip link set ${cable} alias ${aliasOf(owner)}`,
      );
      return container;
    });
    const [alive] = await Promise.all(made);
    const { removed, left, failed } = await sweepDocker(outside.endpoint);
    expect(failed).toEqual([]);
    const things = removed.filter((name) => !name.startsWith('control group'));
    expect(things.map((name) => name.replace(dead.run, 'X')).sort()).toEqual([
      'container drlab-X-host',
      'interface drlabXla',
      'network drlab-X-lan',
    ]);
    expect(left.every((name) => name.includes(living.run))).toBe(true);
    expect(left.length).toBe(3);
    const volumes = await outside.docker.listVolumes();
    expect(volumes.Volumes.length).toBe(1);
    await alive?.remove({ force: true, v: true });
    await outside.docker.getNetwork(`drlab-${living.run}-lan`).remove();
    await outside.sh(`ip link del drlab${living.run}la`);
    expect(await outside.things()).toEqual(foreign);
  });

  describe('one clear paragraph, and nothing half-built, where', () => {
    const refusal = async (more: string, docker = '') => {
      const lab = await build(more, docker).then(
        (built) => built[Symbol.asyncDispose]().then(() => 'built'),
        (error) => `${messageOf(error)} ${(error as { hint?: string }).hint ?? ''}`,
      );
      expect(await outside.things()).toEqual(foreign);
      return lab;
    };

    test('the parent interface does not exist', async () => {
      expect(await refusal('', ', parent: eth7')).toMatch(/has no interface eth7.*its interfaces: .*lan0/s);
    });

    test('an address is taken on the LAN', async () => {
      const neighbour = spawn('unshare', ['--net', 'sleep', '60'], { stdio: 'ignore' });
      try {
        const pid = neighbour.pid ?? 0;
        await until(
          'a namespace',
          async () => ((await netOf(pid)) !== (await netOf(process.pid)) ? true : undefined),
          { withinMs: 5_000 },
        );
        await outside.sh(
          `ip link set lan1 netns ${pid}; nsenter -t ${pid} -n sh -ec 'ip link set lan1 address 02:77:00:00:00:01 up; ip addr add 198.18.1.2/16 dev lan1'`,
        );
        foreign = await outside.things();
        expect(await refusal('', ', parent: lan0')).toMatch(
          /taken already on lan0: 198\.18\.1\.2 \(by 02:77:00:00:00:01\)/,
        );
        await using lab = await build(
          'realServers: [ { ip: 198.18.1.3 }, { ip: 198.18.1.4 } ]\n',
          ', parent: lan0',
        );
        const { stdout } = await lab.host('c1').exec('arping -c1 -w2 -I eth0 198.18.1.2');
        expect(stdout).toMatch(/02:77:00:00:00:01/);
      } finally {
        neighbour.kill('SIGKILL');
        await new Promise((ended) => neighbour.once('exit', ended));
        await outside.sh(
          'ip link del lan0 2>/dev/null || true; ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up',
        );
        foreign = await outside.things();
      }
    });

    test('an image cannot be had', async () => {
      expect(await refusal('', ', image: "no.such.registry.invalid/x:1"')).toMatch(
        /image no\.such\.registry\.invalid\/x:1 is not there and cannot be pulled/,
      );
    });

    test("a user's image ends at once", async () => {
      expect(await refusal('realServers: [ { image: "broken:1" } ]\n')).toMatch(
        /on rs1: «the image broken:1» ended with 1: .*no\/such\/file/s,
      );
    });

    test('a hook is refused', async () => {
      expect(await refusal('hooks: { afterApply: [ "echo no >&2; exit 3" ] }\n')).toMatch(
        /hook afterApply.*ended with 3: no/s,
      );
    });

    test('Docker does not run', async () => {
      const file = await labFile('none', 'driver: { docker: { endpoint: "unix:///run/no.sock" } }\n');
      const { code, said } = await run('run', 'ARP-01', '--lab', file, '--out', join(folder, 'none'));
      expect(said).toMatch(/no Docker is running at unix:\/\/\/run\/no\.sock/);
      expect(code).toBe(2);
    });
  });
});

const netOf = async (pid: number): Promise<string> => {
  const { readlink } = await import('node:fs/promises');
  return readlink(`/proc/${pid}/ns/net`);
};

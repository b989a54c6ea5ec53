import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageOf } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { noDockerd } from './testing/daemon.ts';
import { Neighbourhood, ran } from './testing/neighbourhood.ts';

describe.skipIf(noDockerd())('one clear paragraph, and nothing half-built, where', () => {
  let there: Neighbourhood;
  beforeAll(async () => {
    there = await Neighbourhood.create();
  });
  afterAll(() => there?.[Symbol.asyncDispose]());

  const refusal = async (more: string, docker = '') => {
    const lab = await there.build(more, docker).then(
      (built) => built[Symbol.asyncDispose]().then(() => 'built'),
      (error) => `${messageOf(error)} ${(error as { hint?: string }).hint ?? ''}`,
    );
    expect(await there.outside.things()).toEqual(there.foreign);
    return lab;
  };

  test('the parent interface does not exist', async () => {
    expect(await refusal('', ', parent: eth7')).toMatch(/has no interface eth7.*its interfaces: .*lan0/s);
  });

  // Through the command line: what else is refused is reported there in the same way.
  test.each(['run', 'mutants'])(
    'the parent interface does not exist: drlab %s ends with 69',
    async (command) => {
      const file = await there.labFile('eth7', there.labText('', ', parent: eth7'));
      const { code, said } = await ran(
        command,
        'ARP-01',
        '--lab',
        file,
        '--out',
        join(there.folder, command),
      );
      expect(said).toMatch(
        /^drlab: the Docker host \S+ has no interface eth7\.\n +its interfaces: .*lan0.*\n$/m,
      );
      expect(code).toBe(69);
      expect(await there.outside.things()).toEqual(there.foreign);
    },
  );

  test('an address is taken on the LAN', async () => {
    const neighbour = spawn('unshare', ['--net', 'sleep', '600'], { stdio: 'ignore' });
    try {
      const pid = neighbour.pid ?? 0;
      await until('a namespace', () => (netOf(pid) !== netOf(process.pid) ? true : undefined), {
        withinMs: 60_000,
      });
      await there.outside.sh(
        `ip link set lan1 netns ${pid}; nsenter -t ${pid} -n sh -ec 'ip link set lan1 address 02:77:00:00:00:01 up; ip addr add 198.18.1.2/16 dev lan1'`,
      );
      there.foreign = await there.outside.things();
      expect(await refusal('', ', parent: lan0')).toMatch(
        /already in use on lan0: 198\.18\.1\.2 \(by 02:77:00:00:00:01\)/,
      );
      await using lab = await there.build(
        'realServers: [ { ip: 198.18.1.3 }, { ip: 198.18.1.4 } ]\n',
        ', parent: lan0',
      );
      const { stdout } = await lab.host('c1').exec('arping -c1 -w2 -I eth0 198.18.1.2');
      expect(stdout).toMatch(/02:77:00:00:00:01/);
    } finally {
      neighbour.kill('SIGKILL');
      await new Promise((ended) => neighbour.once('exit', ended));
      await there.outside.sh(
        'ip link del lan0 2>/dev/null || true; ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up',
      );
      there.foreign = await there.outside.things();
    }
  });

  test('an image is unavailable', async () => {
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
      /hooks\.afterApply\[0\].*ended with 3: no/s,
    );
  });
});

const netOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/net`);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aliasOf } from './cable.ts';
import { labelsOf, thisOwner } from './labels.ts';
import { sweepDocker } from './sweep.ts';
import { noDockerd } from './testing/daemon.ts';
import { Neighbourhood, ran } from './testing/neighbourhood.ts';

describe.skipIf(noDockerd())('what is left in a Docker that runs already', () => {
  let there: Neighbourhood;
  beforeAll(async () => {
    there = await Neighbourhood.create();
  });
  afterAll(() => there?.[Symbol.asyncDispose]());

  test('after kill -9 nothing of ours is left by a sweep, and what is foreign stays', async () => {
    const { child, file } = await there.runUntilUp('killed', there.labText('realServers: 3\n'));
    expect((await there.outside.things()).containers.length).toBe(7);
    child.kill('SIGKILL');
    await new Promise((ended) => child.once('close', ended));
    const { code, said: swept } = await ran('lab', 'sweep', '--docker', there.outside.endpoint);
    expect(swept).toMatch(/removed network drlab-/);
    expect(code).toBe(0);
    expect(await there.outside.things()).toEqual(there.foreign);
    expect((await ran('lab', 'sweep', '--lab', file)).said).toMatch(/nothing of ours/);
  });

  test('Ctrl-C in the middle leaves nothing', async () => {
    const { child } = await there.runUntilUp('interrupted', there.labText());
    child.kill('SIGINT');
    expect(await new Promise((ended) => child.once('close', ended))).toBe(130);
    expect(await there.outside.things()).toEqual(there.foreign);
  });

  test('a sweep tells the dead from the living', async () => {
    const [living, dead] = [thisOwner(), { ...thisOwner(), startTicks: '1' }];
    const made = [living, dead].map(async (owner) => {
      const labels = labelsOf('swept', owner);
      const container = await there.outside.docker.createContainer({
        name: `drlab-${owner.run}-host`,
        Image: 'shop:1',
        Labels: labels,
        Volumes: { '/data': {} },
        HostConfig: { NetworkMode: 'none' },
      });
      await container.start();
      await there.outside.docker.createNetwork({
        Name: `drlab-${owner.run}-lan`,
        Driver: 'bridge',
        Labels: labels,
      });
      const cable = `drlab${owner.run}la`;
      await there.outside.sh(
        `ip link add ${cable} type veth peer name drlab${owner.run}lb; ip link set ${cable} alias ${aliasOf(owner)}`,
      );
      return container;
    });
    const [alive] = await Promise.all(made);
    const { removed, left, failed } = await sweepDocker(there.outside.endpoint);
    expect(failed).toEqual([]);
    const things = removed.filter((name) => !name.startsWith('control group'));
    expect(things.map((name) => name.replace(dead.run, 'X')).sort()).toEqual([
      'container drlab-X-host',
      'interface drlabXla',
      'network drlab-X-lan',
    ]);
    expect(left.every((name) => name.includes(living.run))).toBe(true);
    expect(left.length).toBe(3);
    const volumes = await there.outside.docker.listVolumes();
    expect(volumes.Volumes.length).toBe(1);
    await alive?.remove({ force: true, v: true });
    await there.outside.docker.getNetwork(`drlab-${living.run}-lan`).remove();
    await there.outside.sh(`ip link del drlab${living.run}la`);
    expect(await there.outside.things()).toEqual(there.foreign);
  });
});

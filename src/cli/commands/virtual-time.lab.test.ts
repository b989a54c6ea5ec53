import { afterAll, beforeAll, expect, it } from 'vitest';
import { kernelForVirtualTime } from '../../../lab/kernel/index.ts';
import { readRecord } from '../../model/stored/record.ts';
import { differences } from '../../report/index.ts';
import { tryKernel } from '../outside/try-kernel.ts';
import { drlab, TestFolder } from '../testing/drlab.ts';

/** Virtual time: refused where there is no kernel for it; a function of its seed where there is one. */

const kernel = await kernelForVirtualTime();
const why = 'none' in kernel ? ` (not run: ${kernel.none}; drlab kernel build)` : '';

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

it('is refused with the command that builds a kernel for it', async () => {
  const env = { XDG_CACHE_HOME: folder.at('empty') };
  const { code, stderr } = await drlab(['run', 'HA-02', '--time', 'virtual'], { env });
  expect({ code, stderr }).toEqual({
    code: 69,
    stderr: expect.stringMatching(/no virtual time: .*\n.*drlab kernel build/),
  });
});

it('is refused in a sandbox that has none', async () => {
  const { code, stderr } = await drlab(['run', 'HA-02', '--time', 'virtual', '--sandbox', 'host']);
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr: expect.stringMatching(/host sandbox has no virtual time/),
  });
});

it.skipIf('none' in kernel)(`has a kernel that passes what it had to before it was kept${why}`, async () => {
  if (!('none' in kernel)) expect(await tryKernel(kernel)).toBeGreaterThan(0);
});

it.skipIf(why !== '')(`gives the same record twice, whatever its folder is called${why}`, async () => {
  const run = async (name: string) => {
    const args = ['run', 'ENV-02', '--time', 'virtual', '--seed', '7', '--out', folder.at(name), '--quiet'];
    const { code, stderr } = await drlab(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return readRecord(folder.at(name));
  };
  const [first, second] = await Promise.all([run('first'), run('second-under-a-longer-name')]);
  expect(first.fidelity).toMatchObject({ sandbox: 'uml', time: 'virtual' });
  expect(first.seed).toBe(7);
  expect(differences(first, second)).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { LabUnavailable } from '../../src/util/errors.ts';
import { chooseSandbox } from './choose.ts';
import { noSandbox } from './none.ts';
import type { Attempt, Sandbox } from './types.ts';

const needs = { ipvs: true, nftNetdev: false };
const fake = (kind: Sandbox['kind'], attempt: Attempt): Sandbox => ({
  kind,
  attempt: async () => attempt,
  start: () => Promise.reject(new Error('not started here')),
});
const good = { ok: true, why: 'works' };
const bad = { ok: false, why: 'no ip_vs' };

describe('chooseSandbox', () => {
  it('takes the first that works, and says why the others were not', async () => {
    const { sandbox, trials } = await chooseSandbox('auto', needs, [fake('host', bad), fake('uml', good)]);
    expect(sandbox.kind).toBe('uml');
    expect(trials).toEqual([
      { sandbox: 'host', taken: false, why: 'no ip_vs' },
      { sandbox: 'uml', taken: true, why: 'works' },
    ]);
  });

  it('tries only the one that was named', async () => {
    const { trials } = await chooseSandbox('uml', needs, [fake('host', good), fake('uml', good)]);
    expect(trials.map(({ sandbox }) => sandbox)).toEqual(['uml']);
  });

  it('has no sandbox for hosts that are elsewhere, and one for all others', async () => {
    const all = [fake('none', good), fake('host', good)];
    const chosen = async (which: 'auto' | 'host', elsewhere: boolean) =>
      (await chooseSandbox(which, { ...needs, elsewhere }, all)).sandbox.kind;
    expect(await chosen('auto', true)).toBe('none');
    expect(await chosen('auto', false)).toBe('host');
    expect(await chosen('host', true)).toBe('host');
    const { ok, why } = await noSandbox.attempt({ ...needs, elsewhere: false });
    expect({ ok, why }).toEqual({ ok: false, why: expect.stringMatching(/need a kernel/) });
  });

  it('tries none where the programs of the directors are not there', async () => {
    const programs = [{ name: 'no-such-daemon', package: 'daemon' }];
    await expect(chooseSandbox('auto', { ...needs, programs }, [fake('host', good)])).rejects.toMatchObject({
      message: expect.stringContaining('not installed: no-such-daemon'),
      hint: 'apt-get install daemon',
    });
  });

  it('names every reason, and the command that helps', async () => {
    const missing = {
      ok: false,
      why: 'not installed: linux.uml',
      install: 'apt-get install user-mode-linux',
    };
    const choice = chooseSandbox('auto', needs, [fake('host', bad), fake('uml', missing)]);
    await expect(choice).rejects.toThrow(LabUnavailable);
    await expect(choice).rejects.toMatchObject({
      message: expect.stringMatching(/host: no ip_vs; uml: not installed: linux.uml/),
      hint: 'apt-get install user-mode-linux',
    });
  });
});

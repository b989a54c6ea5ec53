import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepLine } from '../../model/remedy.ts';
import { type Ran, ranOn } from '../testing/broken-lab.ts';
import { TestFolder } from '../testing/drlab.ts';

/** A client on the segment, one behind a router, two VIPs: each may be broken alone. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const ran = (name: string, hook?: string): Promise<Ran> =>
  ranOn(
    folder,
    {
      name,
      directors: 1,
      realServers: 2,
      clients: [{ name: 'c1' }, { name: 'c2', via: 'router' }],
      services: ['198.18.0.100', '198.18.0.101'].map((vip) => ({ vip, port: 80 })),
      ...(hook !== undefined && { hooks: { afterApply: [hook] } }),
    },
    ['ARP-02', 'PP-05', 'PP-16'],
  );

const from = ['c1, to tcp 198.18.0.100:80', 'c2, behind router, to tcp 198.18.0.100:80'];
const second = 'c1, to tcp 198.18.0.101:80';

describe('a lab with two kinds of client and two VIPs', () => {
  it('is conformant, looked at from each client and at each VIP', async () => {
    const sound = await ran('sound');
    expect(sound.ended).toMatchObject({ code: 0, stderr: '' });
    for (const { id, vantages } of sound.results)
      expect(
        vantages?.map((one) => `${one.from}: ${one.verdict}`),
        id,
      ).toEqual([...from, second].map((one) => `${one}: pass`));
    const observed = readFileSync(folder.at('sound', 'report.html'), 'utf8');
    expect(observed).toContain('c2, behind router, to tcp 198.18.0.100:80: pass');
  });

  it('is not conformant where the router was told of the wrong host; the router and the remedy are named', async () => {
    const rs1 = `$(ip -n rs1 -br link show eth0 | awk '{ print $3 }')`;
    const pinned = await ran(
      'pinned',
      `ip -n router neigh replace 198.18.0.100 lladdr ${rs1} dev eth0 nud permanent`,
    );
    expect(pinned.ended.code).toBe(1);
    const { verdict, cause, remedy = [], vantages } = pinned.of('ARP-02');
    expect({ verdict, seen: vantages?.map((one) => one.verdict) }).toEqual({
      verdict: 'fail',
      seen: ['pass', 'fail', 'pass'],
    });
    expect(cause).toMatch(/router has a permanent neighbour entry for 198\.18\.0\.100 with the MAC of rs1/);
    expect(remedy.map(stepLine)).toEqual(['on router: ip neigh del 198.18.0.100 dev eth0']);
    for (const id of ['PP-05', 'PP-16'])
      expect(pinned.of(id), id).toMatchObject({
        verdict: 'inconclusive',
        because: { check: 'ARP-02', hosts: ['router'] },
        vantages: [{ verdict: 'pass' }, { verdict: 'inconclusive' }, { verdict: 'pass' }],
      });
  });

  it('is not conformant where the director has lost the second service', async () => {
    const lost = await ran('lost', 'ip netns exec d1 ipvsadm -D -t 198.18.0.101:80');
    expect(lost.ended.code).toBe(1);
    const { verdict, vantages } = lost.of('PP-16');
    expect(verdict).toBe('fail');
    expect(vantages?.map((one) => one.verdict)).toEqual(['pass', 'pass', 'fail']);
  });
});

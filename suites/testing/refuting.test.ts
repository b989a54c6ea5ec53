import { describe, expect, it } from 'vitest';
import { checks } from '../index.ts';
import { readRecording } from '../recorded/recorded.ts';

/** What the checks that others depend on once said of broken labs. */
const said = checks
  .filter(({ establishes, stage }) => establishes && !stage)
  .flatMap((one) =>
    (readRecording(one)?.cases ?? []).map(({ name, spec, observation }) => ({
      ...{ name: `${one.id}/${name}`, establishes: one.establishes ?? [] },
      judgement: one.judge(observation, { spec }),
    })),
  );

describe('a check that establishes preconditions', () => {
  it.each(said)('$name: refutes those that it establishes, and only where it fails', (one) => {
    const { judgement, establishes } = one;
    const refuted = (judgement.refutes ?? []).map(({ precondition }) => precondition);
    expect(establishes).toEqual(expect.arrayContaining(refuted));
    if (judgement.verdict !== 'fail') expect(refuted).toEqual([]);
  });

  it.each([
    ['ARP-12/vrrp-filtered', [{ precondition: 'vipAtDirector', hosts: ['d1', 'd2'] }]],
    ['ARP-12/no-vrrp-process', [{ precondition: 'vipAtDirector', hosts: ['d1', 'd2'] }]],
    ['ARP-01/arp-ignore-off', [{ precondition: 'vipAtDirector', hosts: ['rs1', 'rs2', 'rs3'] }]],
    ['ARP-01/vip-on-eth0', [{ precondition: 'vipAtDirector', hosts: ['rs1'] }]],
    ['ARP-11/silent-director', [{ precondition: 'vipAtDirector', hosts: ['d1'] }]],
    [
      'ARP-02/router-neighbour-pinned',
      [{ precondition: 'framesToDirector', hosts: ['r1'], of: '198.18.0.100' }],
    ],
    [
      'PP-16/not-listening-on-vip',
      [80, 8080].map((port) => ({
        precondition: 'allServersAnswer',
        hosts: ['rs1'],
        of: `tcp 198.18.0.100:${port}`,
      })),
    ],
    ['PP-26/left-out', [{ precondition: 'allServersAnswer', hosts: ['rs1'], of: 'tcp 198.18.0.100:80' }]],
    ['PP-26/one-in-a-hundred-lost', undefined],
    // Everybody answers, past the director: that is for ARP-01 to say.
    ['PP-16/arp-ignore-off', undefined],
  ])('%s: at the right hosts', (name, refutes) => {
    const found = said.find((one) => one.name === name);
    if (refutes === undefined) expect(found?.judgement.refutes).toBeUndefined();
    else expect(found?.judgement.refutes).toMatchObject(refutes);
  });
});

import { expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { stagedSpec } from '../../src/run/cases.ts';
import type { Server } from './oracle/server.ts';
import { powerOfTwo } from './oracle/twos.ts';
import { powerOfTwoChoices } from './random.ts';

/** No kernel that we have brings ip_vs_twos, so its judge is tried on what the oracle draws. */
const { spec } = await readLab(await findLab('default'));
const staged = stagedSpec(spec, powerOfTwoChoices);
if ('impossible' in staged) throw new Error(staged.impossible);

const servers: Server[] = [3, 2, 1].map((weight) => {
  return { name: `rs${weight}`, ip: `198.18.1.${weight}`, weight, active: 0, inactive: 0 };
});
const arrival = { srcIp: '198.18.0.1', srcPort: 1, dstIp: '198.18.0.100' };

/** Small, seeded, good enough to draw weights: a linear congruence of 48 bits, its upper half. */
function generator(seed: bigint): () => number {
  let state = seed;
  return () => {
    state = (state * 0x5deece66dn + 11n) & 0xffff_ffff_ffffn;
    return Number(state >> 16n) / 2 ** 32;
  };
}

const drawn = (list: Server[], seed: bigint) => {
  const choose = powerOfTwo(generator(seed));
  return Array.from({ length: 3000 }, () => choose(list, arrival)?.name ?? 'refused');
};
const judge = (seen: string[], scheduler = 'twos') =>
  powerOfTwoChoices.judge({ start: { scheduler, servers }, seen }, { spec: staged.spec });

test.each([1n, 2n, 3n, 4n, 5n])('random draws by the lab’s weights pass, seed %s', (seed) =>
  expect(judge(drawn(servers, seed))).toMatchObject({ verdict: 'pass' }),
);

test('other weights fail', () => {
  const wrong = servers.map((server) => ({ ...server, weight: server.name === 'rs1' ? 2 : server.weight }));
  expect(judge(drawn(wrong, 1n))).toMatchObject({ verdict: 'fail' });
});

test('a cycle with the right shares fails, since it has a pattern', () => {
  const round = ['rs3', 'rs2', 'rs3', 'rs1', 'rs3', 'rs2', 'rs3'];
  const seen = Array.from({ length: 3000 }, (_, i) => round[i % round.length] ?? '');
  expect(judge(seen)).toMatchObject({ verdict: 'fail' });
});

test('rr fails, and is named', () => {
  const seen = Array.from({ length: 3000 }, (_, i) => servers[i % 3]?.name ?? '');
  expect(judge(seen, 'rr')).toMatchObject({
    verdict: 'fail',
    cause: expect.stringContaining('with rr, not with twos'),
  });
});

test('a lost datagram is no verdict', () =>
  expect(judge([...drawn(servers, 1n).slice(1), 'timeout'])).toMatchObject({ verdict: 'inconclusive' }));

import { expect, it } from 'vitest';
import { parseLab } from './index.ts';
import { takingOver } from './taking-over.ts';

const lab = (directors: string) =>
  parseLab(`directors: { with: keepalived, ${directors} }\nclients: [{ via: router }]`, 'lab.yaml');

it('has directors that take over from each other where all were active', () => {
  const { director } = takingOver(lab('count: 3, announce: bgp'));
  expect(director).toEqual(lab('count: 3').director);
  expect(director.vrrp?.priorities).toHaveLength(3);
});

it('has no VRRP for one director, and changes no other lab', () => {
  expect(takingOver(lab('count: 1, announce: bgp')).director).toEqual(lab('count: 1').director);
  const pair = lab('count: 2');
  expect(takingOver(pair)).toBe(pair);
});

import { describe, expect, it } from 'vitest';
import { saturatedPart } from './bottleneck.ts';
import type { HostLoad } from './resources.ts';

const host = (role: HostLoad['role'], kernel: string, ...busy: number[]): HostLoad => ({
  host: `${role}1`,
  role,
  kernel,
  cpus: busy.map((one) => ({ busy: one, softirq: 0, steal: 0 })),
  dropped: 0,
  backlogDropped: 0,
});

describe('saturatedPart', () => {
  const apart = (client: number, director: number, server: number) => [
    host('client', 'a', client, client),
    host('director', 'b', director, director),
    host('realServer', 'c', server, server),
  ];

  it('names the generator by its own CPU time', () =>
    expect(saturatedPart(apart(0.5, 0.99, 0.5), 0.95).part).toBe('generator'));

  it('names the host whose CPUs are all full', () => {
    expect(saturatedPart(apart(0.5, 0.99, 0.5), 0.5).part).toBe('director');
    expect(saturatedPart(apart(0.5, 0.6, 0.97)).part).toBe('real server');
    expect(saturatedPart(apart(0.99, 0.6, 0.7)).part).toBe('generator');
    expect(saturatedPart([host('director', 'b', 0.99, 0.3)]).part).toBe('nothing');
  });

  it('names no part where all have the same CPUs', () => {
    const shared = (busy: number) =>
      (['client', 'director', 'realServer'] as const).map((role) => host(role, 'a', busy));
    expect(saturatedPart(shared(0.99), 0.4)).toEqual({
      part: 'shared CPU',
      why: 'client, director and real servers share 1 CPU, all at least 95 % busy',
    });
    expect(saturatedPart(shared(0.5), 0.4)).toMatchObject({ part: 'nothing' });
  });
});

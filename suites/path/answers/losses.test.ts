import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../../../src/model/labfile/index.ts';
import { serviceName } from '../../../src/model/preconditions.ts';
import { judgeRounds, type LookedBehind, type Round, troubled } from './losses.ts';

const { spec } = await readLab(await findLab('default'));
const names = ['rs1', 'rs2', 'rs3'];

/** Every service asked six times; `without` says which real server does not answer at the last one, of UDP. */
const round = (without?: string): Round => ({
  asked: spec.services.map((service, i) => ({
    service: serviceName(service),
    answers: names
      .filter((name) => i < spec.services.length - 1 || name !== without)
      .flatMap((server) => [
        { ok: true, server, bytes: 1 },
        { ok: true, server, bytes: 1 },
      ]),
  })),
  frames: 100,
  repeated: [],
});

describe('requests that none of a real server answers', () => {
  const [rip1, rip3] = ['198.18.1.1', '198.18.1.3'];
  const looked = (realServers: string[], hasVip = true): LookedBehind => ({
    ...{ service: 'udp 198.18.0.100:53', silent: ['rs2'] },
    look: {
      director: {
        ...{ name: 'd1', unresolved: [] },
        rule: {
          ...{ protocol: 'udp', vip: '198.18.0.100', port: 53, scheduler: 'rr' },
          ...{ persistenceS: 0, onePacket: false },
          realServers: realServers.map((ip) => ({ ip, port: 53, weight: 1, forward: 'dr' as const })),
        },
      },
      servers: names.map((server) => ({ server, hasVip: server !== 'rs2' || hasVip, route: '' })),
    },
  });
  const said = (looks: LookedBehind[]) => {
    const judgement = judgeRounds([round('rs2')], [], spec, looks);
    expect(judgement).toMatchObject({
      verdict: 'fail',
      seen: 'udp 198.18.0.100:53: none of 4 requests went to rs2',
    });
    return judgement.cause;
  };

  it('are looked behind, and only those', () => {
    expect(troubled([round('rs2')], spec)).toMatchObject([{ service: { port: 53 }, silent: ['rs2'] }]);
    expect(troubled([round()], spec)).toEqual([]);
  });

  it('have the cause that was seen, in the table or on the real server', () => {
    expect(said([looked([rip1, rip3])])).toBe('rs2 is not in the table of d1 for 198.18.0.100:53');
    expect(said([looked([rip1, '198.18.1.2', rip3], false)])).toMatch(/^rs2 does not have the VIP/);
  });

  it('may be many things where everything looked sound', () => {
    expect(said([looked([rip1, '198.18.1.2', rip3])])).toMatch(/^packets are lost, copied or sent elsewhere/);
  });
});

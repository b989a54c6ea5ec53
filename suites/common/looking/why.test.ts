import { describe, expect, test } from 'vitest';
import { findLab, readLab } from '../../../src/model/labfile/index.ts';
import { remedyText } from '../../testing/remedy.ts';
import { serviceOf } from '../subjects.ts';
import type { Look, LookedAt } from './look.ts';
import { whys, whyUnanswered } from './why.ts';

const { spec } = await readLab(await findLab('default'));
const service = serviceOf(spec, 'tcp');
const rips = ['198.18.1.1', '198.18.1.2', '198.18.1.3'];
const sound = (server: string): LookedAt => ({
  ...{ server, hasVip: true, local: '200' },
  route: '198.18.250.1 from 198.18.0.100 dev eth0 uid 0',
});

function look(
  of: Partial<LookedAt>,
  row: { forward?: 'dr' | 'tun' | 'nat'; missing?: true; unresolved?: true; weight?: number } = {},
): Look {
  const { forward = 'dr', missing, unresolved, weight = 1 } = row;
  return {
    director: {
      name: 'd1',
      unresolved: unresolved ? ['rs2'] : [],
      rule: {
        ...{
          protocol: 'tcp',
          vip: service.vip,
          port: 80,
          scheduler: 'rr',
          persistenceS: 0,
          onePacket: false,
        },
        realServers: rips.flatMap((ip) =>
          ip === '198.18.1.2' && missing
            ? []
            : [
                {
                  ip,
                  port: 80,
                  ...(ip === '198.18.1.2' ? { weight, forward } : { weight: 1, forward: 'dr' as const }),
                },
              ],
        ),
      },
    },
    servers: [sound('rs1'), { ...sound('rs2'), ...of }, sound('rs3')],
  };
}

describe('why rs2 does not answer', () => {
  test.each([
    ['no VIP', look({ hasVip: false }), /^rs2 does not have the VIP/],
    ['listens on its RIP only', look({ local: 'refused' }), /^a service on rs2 does not listen on the VIP/],
    ['rejects by a filter', look({ local: 'refused', listens: true }), /^a filter on rs2 rejects/],
    ['answers 500', look({ local: '500' }), /^the service on rs2 listens on the VIP and answers HTTP 500/],
    ['drops packets', look({ local: 'silent' }), /^rs2 drops or rejects packets to .* itself/],
    [
      'accepts and is silent',
      look({ local: 'unanswered' }),
      /takes connections to the VIP and does not answer/,
    ],
    [
      'no way back',
      look({ route: 'RTNETLINK answers: Network is unreachable' }),
      /^rs2 has no route back to the client 198\.18\.250\.1/,
    ],
    [
      'way back through the director',
      look({ route: '198.18.250.1 from 198.18.0.100 via 198.18.0.10 dev eth0 uid 0' }),
      /^rs2 answers c1 through d1 \(via 198\.18\.0\.10\), a director/,
    ],
    ['TUN', look({}, { forward: 'tun' }), /^d1 forwards to rs2 by TUN \(Tunnel\), by its table/],
    ['NAT', look({}, { forward: 'nat' }), /^d1 forwards to rs2 by NAT \(Masq\)/],
    ['not in the table', look({}, { missing: true }), /^rs2 is not in the table of d1/],
    [
      'dead, and taken out',
      look({ local: 'refused', listens: false }, { missing: true }),
      /^a service on rs2 does not listen on the VIP; so d1 has taken it out of its table$/,
    ],
    [
      'dropped by its reverse path filter',
      look({ reversePathDrops: 1 }),
      /^the reverse path filter of rs2 drops what comes for the VIP \(1 packet while/,
    ],
    ['quiesced', look({}, { weight: 0 }), /^rs2 has weight 0 in the table of d1 for 198\.18\.0\.100:80$/],
    ['no ARP answer', look({}, { unresolved: true }), /^d1 gets no ARP answer for 198\.18\.1\.2/],
    [
      'nothing seen to be wrong',
      look({}),
      /rs2 has the VIP and answers on it locally: packets are lost on the way .* or a limit of connections/,
    ],
  ])('%s', (_, seen, cause) => {
    expect(whyUnanswered(spec, service, seen, ['rs2']).cause).toMatch(cause);
  });

  test('only what the table shows is mended in the table', () => {
    for (const seen of [look({ local: 'silent' }), look({ local: '500' }), look({ hasVip: false }), look({})])
      expect(remedyText(whyUnanswered(spec, service, seen, ['rs2']))).not.toMatch(/ipvsadm|ip_forward/);
    expect(remedyText(whyUnanswered(spec, service, look({}, { forward: 'tun' }), ['rs2']))).toBe(
      'on d1: ipvsadm -e -t 198.18.0.100:80 -r 198.18.1.2:80 -g -w 1',
    );
  });

  test('a table without the service says so, whoever is suspected', () => {
    const seen = look({ hasVip: false });
    const without = { ...seen, director: { name: 'd1', unresolved: [], rule: null } };
    const why = whyUnanswered(spec, service, without, ['rs2']);
    expect(why.cause).toBe('the table of d1 has no service tcp 198.18.0.100:80');
    expect(remedyText(why)).toMatch(/^on d1: ipvsadm -A -t 198\.18\.0\.100:80 -s rr/);
  });

  test('with nobody suspected, whoever is wrong is named', () => {
    expect(whyUnanswered(spec, service, look({ local: '500' }), []).cause).toMatch(/^the service on rs2/);
  });

  test('with TUN the end of the tunnel may be it, too', () => {
    const wrapped = { ...service, forward: 'tun' as const };
    const why = whyUnanswered(spec, wrapped, { servers: [] }, ['rs2']);
    expect(why.cause).toMatch(/or rs2 does not unwrap them: tunl0 is down/);
    expect(remedyText(why)).toMatch(/on rs2: ip -s link show dev tunl0/);
  });

  test('with NAT nobody lacks the VIP', () => {
    const masqueraded = { ...service, forward: 'nat' as const };
    expect(whys(spec, masqueraded, { servers: look({ hasVip: false }).servers })).toEqual([]);
  });

  test('without any look, all of them may be it', () => {
    expect(whyUnanswered(spec, service, { servers: [] }, []).cause).toMatch(
      /lost on the way from the director to rs1, rs2 and rs3/,
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { LookedAt } from '../common/looking/look.ts';
import { saidOf } from '../testing/judging.ts';
import { remedyText } from '../testing/remedy.ts';

/** Faults that look alike to a client, each with what tells it from the others. */

const route = '198.18.250.1 from 198.18.0.100 dev eth0';
const ofRs1 = (more: Partial<LookedAt>) => ({ server: 'rs1', hasVip: true, local: '200', route, ...more });
const row = (ip: string, forward: 'dr' | 'tun' | 'nat' = 'dr') => ({ ip, port: 80, weight: 1, forward });
const director = (forward: 'dr' | 'tun' | 'nat') => ({
  name: 'd1',
  unresolved: [],
  rule: {
    ...{ protocol: 'tcp', vip: '198.18.0.100', port: 80, scheduler: 'rr', persistenceS: 0, onePacket: false },
    realServers: [row('198.18.1.1', forward), row('198.18.1.2'), row('198.18.1.3')],
  },
});
const added = (more: object) => (seen: object) => ({ ...seen, ...more });

test.each([
  [
    'not-listening-on-vip',
    { local: 'refused' },
    /a service on rs1 does not listen on the VIP/,
    /HTTP|local address/,
  ],
  ['not-listening-on-vip', { local: '500' }, /answers HTTP 500/, /does not listen/],
  ['vip-missing', { hasVip: false }, /rs1 does not have the VIP as a local address/, /drops|listen/],
  ['vip-missing', { local: 'silent' }, /rs1 drops or rejects packets/, /local address/],
])('PP-16: as %s, with %o', (mutant, of, cause, not) => {
  const said = saidOf('PP-16', {
    mutant,
    where: { inner: added({ look: { servers: [ofRs1(of)] }, beside: [] }) },
  });
  expect(said.cause).toMatch(cause);
  expect(said.cause).not.toMatch(not);
});

test('PP-16 shows the status of an answer', () => {
  const answer = (one: object) => ({ ...one, ok: false, error: 'wrong-answer', status: 500 });
  const { seen } = saidOf('PP-16', { where: { 'inner.answers.1': answer } });
  expect(seen).toMatch(/1 of 12 were not: wrong-answer \(HTTP 500\)/);
});

test('PP-16: who answers well and is no real server of the service loses nothing', () => {
  const { cause } = saidOf('PP-16', { where: { 'inner.answers.1.server': 'rs9' } });
  expect(cause).toMatch(/^rs9 is no real server of the service/);
});

describe('PP-16 asks for the other services of the VIP, too', () => {
  const service = '198.18.0.100:8080';
  const answer = (server: string, ok = true) => (ok ? { ok, server } : { ok, error: 'timeout' });
  const said = (answers: object[], look?: object) =>
    saidOf('PP-16', {
      where: { inner: added({ beside: [{ port: 8080, answers, ...(look && { look }) }] }) },
    });
  const all = ['rs1', 'rs2', 'rs3'].map((name) => answer(name));

  test('and counts them where all is well', () => {
    expect(said(all)).toMatchObject({
      verdict: 'pass',
      seen: expect.stringMatching(/^12 were, by .*, and 3 at port 8080$/),
    });
  });

  test('and what hangs there is told of that port, and refutes what others presume of it alone', () => {
    const look = { servers: [ofRs1({ local: 'unanswered' })] };
    const { verdict, seen, cause, refutes } = said([answer('', false), ...all.slice(1)], look);
    expect(verdict).toBe('fail');
    expect(seen).toBe('port 8080: 1 of 3 were not: timeout; no answer ever came from rs1');
    expect(cause).toBe(
      'port 8080: the service on rs1 takes connections to the VIP and does not answer (unanswered)',
    );
    expect(refutes).toEqual([{ precondition: 'allServersAnswer', hosts: ['rs1'], of: `tcp ${service}` }]);
  });

  test('and a cause that is that of the first service stands once', () => {
    const look = { servers: [ofRs1({ hasVip: false })] };
    const both = saidOf('PP-16', {
      mutant: 'vip-missing',
      where: {
        inner: added({ look, beside: [{ port: 8080, answers: [answer('', false), ...all.slice(1)], look }] }),
      },
    });
    expect(both.cause).toBe('rs1 does not have the VIP as a local address');
    expect(both.refutes?.map(({ of }) => of)).toEqual(['198.18.0.100', '198.18.0.100']);
  });
});

test.each([
  ['tun', [{ what: 'an IP option', server: 'rs1' }], /d1 forwards to rs1 by TUN \(Tunnel\)/, /filter/],
  [
    'dr',
    [{ what: 'an IP option', server: 'rs1' }],
    /scheduled it to rs1, and it did not leave: a filter on the way out/,
    /TUN/,
  ],
  ['dr', [], /d1 has no entry for it: a filter on the way in/, /TUN/],
] as const)(
  'PP-24: a packet that does not come out, with %s in the table and %o',
  (forward, scheduled, cause, not) => {
    const lost = { scheduled, look: { director: director(forward), servers: [ofRs1({})] } };
    const said = saidOf('PP-24', { where: { 'passages.2.out': [], '': added({ lost }) } });
    expect(said.cause).toMatch(cause);
    expect(said.cause).not.toMatch(not);
  },
);

test('PP-24: a director without a table of IPVS cannot lack an entry in it', () => {
  const lost = { scheduled: [], look: { servers: [ofRs1({})] } };
  const { cause } = saidOf('PP-24', { where: { 'passages.2.out': [], '': added({ lost }) } });
  expect(cause).toMatch(/a filter on d1 drops it, or another forwarding method/);
});

test('PP-24: where nobody looked at the table, the candidates are told', () => {
  const { cause } = saidOf('PP-24', { where: { 'passages.2.out': [] } });
  expect(cause).toMatch(/a filter on d1 drops it, or another forwarding method/);
});

test.each([
  ['dr', { local: 'silent' }, /^rs1 drops or rejects packets/, /routing|DR/],
  ['nat', {}, /d1 forwards to rs1 by NAT \(Masq\).*that is not DR/, /drops/],
] as const)('PP-22: with %s in the table and %o', (forward, of, cause, not) => {
  const look = { director: director(forward), servers: [ofRs1(of)] };
  const failed = (one: object) => ({ ...one, ok: false, error: 'timeout' });
  const said = saidOf('PP-22', { where: { 'answers.1': failed, '': added({ look }) } });
  expect(said.cause).toMatch(cause);
  expect(`${said.cause} ${remedyText(said)}`).not.toMatch(not);
});

describe('a real server that did not take a SYN for the VIP', () => {
  const said = (id: string, kind: string, of?: Partial<LookedAt>) =>
    saidOf(id, {
      where: {
        'answers.0.kind': kind,
        ...(of && { '': added({ look: { servers: [ofRs1(of)] } }) }),
      },
    });

  test.each([
    ['VIP-01', 'none', { hasVip: false }, /^rs1 does not have the VIP as a local address$/, /filter/],
    ['VIP-01', 'none', { local: 'silent' }, /^rs1 drops or rejects packets .*a filter/, /local address/],
    ['VIP-01', 'none', {}, /^rs1 does not have .* as a local address, or a filter/, /listen/],
    ['VIP-06', 'reset', { local: 'refused' }, /^a service on rs1 does not listen on the VIP$/, /filter/],
    [
      'VIP-06',
      'reset',
      { local: 'refused', listens: true },
      /^a filter on rs1 rejects packets/,
      /not listen/,
    ],
  ] as const)('%s: %s, with %o', (id, kind, of, cause, not) => {
    expect(said(id, kind, of).cause).toMatch(cause);
    expect(said(id, kind, of).cause).not.toMatch(not);
  });

  test('of which nothing more is known', () => {
    expect(said('VIP-01', 'none').cause).toMatch(/local address, or a filter/);
    expect(said('VIP-06', 'reset').cause).toMatch(/does not listen on the VIP, or a filter rejects/);
  });
});

test('TOP-03: who has the MTU of the segment and sends no echo is told to set none', () => {
  const said = saidOf('TOP-03', { where: { 'hosts.1.echoed': false } });
  expect(said.cause).toMatch(/^d2 does not answer, or something on the path drops large frames$/);
  expect(remedyText(said)).not.toMatch(/ip link set/);
  expect(remedyText(said)).toMatch(/ping .* -s 56 .*ping .* -s 1472 /s);
});

test('RP-09: a VIP in front by no route that says so is told with what would show why', () => {
  const { cause } = saidOf('RP-09', {
    mutant: 'route-prefers-vip',
    where: { 'directors.0.look.route': '198.18.0.0/16 dev eth0' },
  });
  expect(cause).toMatch(/^d1 prefers the VIP as source; a rule of another routing table/);
});

test('PP-06: connections that one real server alone leaves without an answer are no forgotten entries', () => {
  const silent = (one: { servers: string[] }) =>
    one.servers[0] === 'rs1' ? { servers: ['rs1', 'rs1'], errors: ['timeout'] } : one;
  const said = saidOf('PP-06', { where: { 'inner.connections.*': silent } });
  expect(said.cause).toMatch(/^rs1 fell silent on connections that it had answered/);
  const reset = (one: { servers: string[] }) =>
    one.servers[0] === 'rs1' ? { servers: ['rs1', 'rs1'], errors: ['reset'] } : one;
  expect(saidOf('PP-06', { where: { 'inner.connections.*': reset } }).cause).toMatch(
    /^the director forgets connections/,
  );
});

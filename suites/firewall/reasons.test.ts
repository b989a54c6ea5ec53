import { describe, expect, test } from 'vitest';
import { saidOf } from '../testing/judging.ts';

/** Faults that look like a filter, each with what tells it from one. */

const added = (more: object) => (seen: object) => ({ ...seen, ...more });
const routes = (route: string) => added({ routes: [{ server: 'rs1', source: 'c1', route }] });
const way = '198.18.250.1 from 198.18.0.100 dev eth0 uid 0';
const noWay = 'RTNETLINK answers: Network is unreachable';

describe('FW-06', () => {
  test.each([
    [
      'no way back',
      noWay,
      /^rs1 has no route back to the client 198\.18\.250\.1/,
      /takes connections|lets no clients/,
    ],
    [
      'no VIP to come from',
      'RTNETLINK answers: Invalid argument',
      /^rs1 takes connections to its RIP and not to/,
      /route/,
    ],
    ['no VIP there', 'the VIP is not local', /^rs1 does not have the VIP as a local address/, /route/],
    ['a way back', way, /^rs1 takes connections to its RIP and not to/, /route/],
  ])('the VIP is closed, and there is %s', (_, route, cause, not) => {
    const said = saidOf('FW-06', { mutant: 'only-rip-accepted', where: { '': routes(route) } });
    expect(said.cause).toMatch(cause);
    expect(said.cause).not.toMatch(not);
  });

  const later = (silent: number, others: number) =>
    saidOf('FW-06', {
      mutant: 'ports-dropped',
      where: {
        'swept.0': added({
          again: { silent: { asked: 4, accepted: silent }, others: { asked: 16, accepted: others } },
        }),
      },
    });

  test('silent ports stay silent and others open: a rule about ports', () => {
    expect(later(0, 16).cause).toMatch(/rs1 lets clients in, but not from the ports 41\d+ to 41\d+/);
  });

  test.each([
    ['loss: silent ones get through later', 3, 16],
    ['a limit: others do not get through later', 0, 5],
  ])('%s', (_, silent, others) => {
    const { cause, seen } = later(silent, others);
    expect(cause).toMatch(/^rs1 answers some SYNs and not others, whatever port .*loss .*or a limit/);
    expect(cause).not.toMatch(/from the ports/);
    expect(seen).toMatch(new RegExp(`later ${silent} of 4 of these, and ${others} of 16 others`));
  });

  test('a knock that was answered when asked again', () => {
    const { cause, seen } = saidOf('FW-06', {
      where: { 'knocks.0': added({ answer: 'none', later: 'accepted' }) },
    });
    expect(cause).toMatch(/^rs1 answers some SYNs/);
    expect(seen).toMatch(/client to VIP 2 accepted, 1 only when asked again/);
  });
});

test('FW-08 blames a rule only where there is a way back', () => {
  const said = (route: string) =>
    saidOf('FW-08', { mutant: 'only-director-accepted', where: { '': routes(route) } });
  expect(said(way)).toMatchObject({
    verdict: 'fail',
    cause: expect.stringMatching(/a rule asks for the source/),
  });
  expect(said(noWay).verdict).toBe('inconclusive');
});

test('FW-08 takes a SYN that got through later for no rule', () => {
  const where = { 'knocks.0': added({ later: 'accepted' }) };
  expect(saidOf('FW-08', { mutant: 'only-director-accepted', where }).verdict).toBe('pass');
});

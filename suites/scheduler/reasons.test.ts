import { expect, test } from 'vitest';
import type { LabSpec } from '../../src/model/spec.ts';
import { recordedCase } from '../recorded/recorded.ts';
import { saidOf } from '../testing/judging.ts';
import { remedyText } from '../testing/remedy.ts';

/** What looks alike from a client, and the director's own table tells apart. */

const rule = (more: object = {}) => ({
  ...{ protocol: 'tcp', vip: '198.18.0.100', port: 80, scheduler: 'rr', persistenceS: 0, onePacket: false },
  realServers: [1, 2, 3].map((n) => ({ ip: `198.18.1.${n}`, port: 80, weight: n, forward: 'dr' })),
  ...more,
});
const added = (more: object) => (seen: object) => ({ ...seen, ...more });
const persistent = /persistent/;

test.each([
  [
    'persistence',
    { persistenceS: 300 },
    /the service is persistent \(300 s, by the table of d1\)/,
    /with sh|other connections/,
  ],
  ['sh', { scheduler: 'sh' }, /d1 schedules port 80 with sh, not with rr/, persistent],
  ['nothing wrong in the table', {}, /are the lab's: other connections came between/, persistent],
])('SCH-01: all to one server, and the table has %s', (_, more, cause, not) => {
  const table = { director: 'd1', rule: rule(more) };
  const said = saidOf('SCH-01', { mutant: 'scheduler-sh', where: { inner: added({ table }) } });
  expect(said.cause).toMatch(cause);
  expect(said.cause).not.toMatch(not);
});

test('SCH-01: without the table the candidates are told, and how to tell them apart', () => {
  const said = saidOf('SCH-01', { mutant: 'scheduler-sh' });
  expect(said.cause).toMatch(/not scheduled by rr, is persistent or has other weights, or something else/);
  expect(remedyText(said)).toMatch(/to tell them apart, on d1: ipvsadm -Ln/);
});

test('SCH-02: another weight in the table', () => {
  const table = {
    director: 'd1',
    rule: rule({
      ...{ scheduler: 'wrr', port: 8080 },
      realServers: [7, 2, 3].map((weight, i) => ({
        ip: `198.18.1.${i + 1}`,
        port: 8080,
        weight,
        forward: 'dr',
      })),
    }),
  };
  const { cause } = saidOf('SCH-02', { mutant: 'weight-doubled', where: { inner: added({ table }) } });
  expect(cause).toBe('d1 gives rs1 the weight 7, not 1');
});

const checking = recordedCase({ id: 'SCH-02', suite: 'scheduler' }).spec.director;

test.each([
  [
    'health checks',
    (spec: LabSpec): LabSpec => ({ ...spec, director: checking }),
    /^rs2 is not in the table of d1 .*health checks took it out/,
    /see PP-26/,
  ],
  [
    'none',
    (spec: LabSpec): LabSpec => ({ ...spec, director: { kind: 'ipvsadm' } }),
    /^rs2 is not in the table of d1 for 198\.18\.0\.100:8080$/,
    /^on d1: ipvsadm -a -t 198\.18\.0\.100:8080 -r 198\.18\.1\.2:8080 -g$/,
  ],
])('SCH-02: a real server is not in the table, with %s', (_, inLab, cause, remedy) => {
  const rows = [1, 3].map((n) => ({ ip: `198.18.1.${n}`, port: 8080, weight: n, forward: 'dr' }));
  const table = { director: 'd1', rule: rule({ scheduler: 'wrr', port: 8080, realServers: rows }) };
  const said = saidOf('SCH-02', { mutant: 'weight-doubled', where: { inner: added({ table }) }, inLab });
  expect(said.cause).toMatch(cause);
  expect(said.cause).not.toMatch(/other connections/);
  expect(remedyText(said)).toMatch(remedy);
});

test.each([
  [['rs1', 'rs3'], /^rs2 is not in the table/],
  [['rs1', 'rs2', 'rs3', '198.18.9.9'], /^198\.18\.9\.9 is in the table .*and not in the lab file$/],
])('SCH-01: the table holds %j', (order, cause) => {
  expect(saidOf('SCH-01', { where: { 'inner.order': order } }).cause).toMatch(cause);
});

const route = '198.18.250.1 from 198.18.0.100 dev eth0';
const look = (server: object, of: object = {}) => ({
  director: { name: 'd1', unresolved: [], rule: rule(of) },
  servers: [{ ...{ server: 'rs2', hasVip: true, local: '200', route }, ...server }],
});

test('SCH-24: a real server that drops packets has nothing to do with weights', () => {
  const where = { 'inner.newServers.1': '? (timeout)', inner: added({ look: look({ local: 'silent' }) }) };
  const said = saidOf('SCH-24', { where });
  expect(said.cause).toMatch(/^rs2 drops or rejects packets/);
  expect(remedyText(said)).not.toMatch(/ipvsadm/);
});

test.each([
  [{ persistenceS: 300, realServers: [] }, /persistent \(300 s/, /another program/],
  [
    { realServers: [{ ip: '198.18.1.3', port: 80, weight: 3, forward: 'dr' }] },
    /rs3 with weight 3 again/,
    persistent,
  ],
  [
    { realServers: [{ ip: '198.18.1.3', port: 80, weight: 0, forward: 'dr' }] },
    /weight 0 and no persistence/,
    /is persistent/,
  ],
])('SCH-24: new connections to the quiesced one, with %o in the table', (of, cause, not) => {
  const said = saidOf('SCH-24', { mutant: 'persistent', where: { inner: added({ look: look({}, of) }) } });
  expect(said.cause).toMatch(cause);
  expect(said.cause).not.toMatch(not);
});

test.each([
  [{ realServers: [] }, /rs1 was removed from the table of d1/],
  [{}, /lost on the way from d1 to rs1/],
])('SCH-24: a held connection broke, with %o in the table', (of, cause) => {
  const where = { 'inner.stillAnswered': 0, inner: added({ look: look({}, of) }) };
  expect(saidOf('SCH-24', { where }).cause).toMatch(cause);
});

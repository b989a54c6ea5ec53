import { expect, test } from 'vitest';
import { asGithub, asJson, asSarif, asText, explained } from './formats.ts';
import { lint, rules } from './lint.ts';
import { suppress } from './suppress.ts';
import { hostOf, server, service } from './testing/hosts.ts';

const text = service('delay_loop 10s', server('198.51.100.1')).replace('protocol TCP\n', '');
const outcome = (from: string) => ({
  ...suppress(lint([hostOf('lb1', { keepalived: from })]), new Map([['lb1.conf', from]])),
  files: ['lb1.conf'],
});
const ids = (from: string): string[][] => {
  const { findings, allowed } = outcome(from);
  return [findings, allowed].map((all) => all.map(({ rule }) => rule.id));
};

test('people are told the place, what it means for clients, and the edit', () => {
  expect(
    asText(outcome(text)),
  ).toBe(`lb1.conf:1:1: error KA-20: service 192.0.2.100:80 has no protocol, so it is of UDP
  why: Without «protocol» keepalived 2.2.7 makes a service of UDP: TCP connections to the VIP are refused.
  edit: write protocol TCP
  judged in a lab by: PP-16

lb1.conf:4:12: error KA-03: «delay_loop 10s» has a unit: keepalived takes it as 10 microseconds
  why: keepalived 2.2.7 reads «10s» of a time with a fraction as 10 microseconds: health checks in a busy loop, or a delay that is none.
  edit: write delay_loop 10

2 errors, 0 warnings, 0 notes; 1 file read
`);
});

test('programs are told the same', () => {
  expect(JSON.parse(asJson(outcome(text))).findings[1]).toMatchObject({
    id: 'KA-03',
    severity: 'error',
    file: 'lb1.conf',
    line: 4,
    column: 12,
  });
  const sarif = JSON.parse(asSarif(outcome(text), rules, '1.0.0'));
  const [{ tool, results }] = sarif.runs;
  expect(sarif.version).toBe('2.1.0');
  expect(tool.driver.rules[results[1].ruleIndex].id).toBe('KA-03');
  expect(results[1].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'lb1.conf' },
    region: { startLine: 4, startColumn: 12 },
  });
});

test('GitHub is told in commands, in which no text of a file acts', () => {
  const [first] = asGithub(outcome(text)).split('\n');
  expect(first).toBe(
    '::error file=lb1.conf,line=1,col=1,title=KA-20::service 192.0.2.100:80 has no protocol, so it is of UDP. Edit: write protocol TCP',
  );
  const [bad] = outcome(text).findings;
  if (!bad) throw new Error('nothing found');
  const file = { ...bad, place: { ...bad.place, file: 'a,b:c%\n.conf' } };
  expect(asGithub({ findings: [file], allowed: [], files: [] })).toMatch(
    /^::error file=a%2Cb%3Ac%25%0A.conf,line=1/,
  );
});

test('a comment in the file allows a finding there, if it says why', () => {
  expect(ids(text)).toEqual([['KA-20', 'KA-03'], []]);
  const loop = 'delay_loop 10s';
  expect(ids(text.replace(loop, `${loop} # drlab: allow KA-03 a test of ours`))).toEqual([
    ['KA-20'],
    ['KA-03'],
  ]);
  expect(ids(text.replace(loop, `! drlab: allow KA-03: a test of ours\n${loop}`))).toEqual([
    ['KA-20'],
    ['KA-03'],
  ]);
  expect(ids(text.replace(loop, `${loop} # drlab: allow KA-20 another one`))).toEqual([
    ['KA-20', 'KA-03'],
    [],
  ]);
  expect(ids(text.replace(loop, `${loop} # drlab: allow KA-03`))).toEqual([
    ['KA-20', 'KA-03', 'LINT-01'],
    [],
  ]);
});

test('each rule explains itself', () => {
  for (const rule of rules)
    expect(explained(rule)).toContain(
      `${rule.id} (${rule.severity}): ${rule.title}\n\n${rule.why}\nEdit: ${rule.edit}.`,
    );
});

test('10,000 lines take less than a second', () => {
  const block = (i: number): string =>
    service(server('198.51.100.1'), server('198.51.100.2'))
      .replaceAll('192.0.2.100 80', `192.0.2.100 ${i}`)
      .replaceAll('.1 80', `.1 ${i}`)
      .replaceAll('.2 80', `.2 ${i}`);
  const long = Array.from({ length: 700 }, (_, i) => block(i + 1)).join('');
  expect(long.split('\n').length).toBeGreaterThan(10_000);
  // The fastest of five: others may have the machine for a while.
  const tookMs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    expect(lint([hostOf('lb1', { keepalived: long })])).toEqual([]);
    return performance.now() - start;
  });
  expect(Math.min(...tookMs)).toBeLessThan(1000);
});

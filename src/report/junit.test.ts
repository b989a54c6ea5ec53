import { describe, expect, it } from 'vitest';
import { junit } from './junit.ts';
import { aRecord, someMutants } from './testing/record.ts';
import { aResult } from './testing/result.ts';
import { elements, parseXml } from './testing/xml-tree.ts';

const parsed = (over: Parameters<typeof aRecord>[0] = {}) => parseXml(junit(aRecord(over)));
const child = (verdict: Parameters<typeof aResult>[1]) => {
  const root = parsed({ results: [aResult('ARP-01', verdict)] });
  return elements(root, 'testcase')[0]?.children.find((node) => node.name !== 'properties');
};

describe('JUnit XML', () => {
  it('is well formed, with counts that add up', () => {
    const root = parsed({ mutants: someMutants() });
    expect(root.attributes).toMatchObject({ tests: '27', failures: '3', errors: '3', skipped: '2' });
    expect(elements(root, 'testcase')).toHaveLength(27);
    expect(elements(root, 'failure')).toHaveLength(3);
    expect(elements(root, 'error')).toHaveLength(3);
    for (const suite of root.children) {
      expect(suite.attributes.tests).toBe(String(elements(suite, 'testcase').length));
    }
  });

  it('says whether the set-up was judged, or kernel and daemons in a stage', () => {
    const stage = { id: 'sync', title: 'two directors' };
    const root = parsed({ results: [aResult('ARP-01', {}), { ...aResult('SYN-01', {}), stage }] });
    const where = elements(root, 'property')
      .filter(({ attributes }) => attributes.name === 'judged in')
      .map(({ attributes }) => attributes.value);
    expect(where).toEqual(['your set-up', 'stage sync: two directors']);
  });

  it('maps every verdict', () => {
    expect(child({ verdict: 'pass' })).toBeUndefined();
    expect(child({ verdict: 'fail', seen: 'two MACs' })).toMatchObject({
      name: 'failure',
      attributes: { message: 'two MACs', type: 'MUST' },
    });
    expect(child({ verdict: 'broken', reason: 'no tcpdump' })).toMatchObject({
      name: 'error',
      attributes: { type: 'broken', message: 'no tcpdump' },
    });
    expect(child({ verdict: 'inconclusive', reason: 'late' })?.name).toBe('error');
    expect(child({ verdict: 'unsupported', reason: 'no UDP' })).toMatchObject({
      name: 'skipped',
      attributes: { message: 'unsupported: no UDP' },
    });
    expect(child({ verdict: 'skipped', reason: '--skip' })?.attributes.message).toBe('skipped: --skip');
    expect(child({ verdict: 'warn', seen: 'no ICMP' })).toMatchObject({ name: 'system-out' });
    expect(child({ verdict: 'warn', seen: 'no ICMP' })?.text).toContain('Seen: no ICMP');
  });

  it('has requirement, expected, seen, cause and remedy in a failure, lines as they were', () => {
    const remedy = [
      { on: 'rs2', run: 'first' },
      { on: 'rs2', run: 'second <b> & "more"', lead: 'or' },
      { advice: 'ask' },
    ];
    const failure = child({ verdict: 'fail', seen: 's', cause: 'c', remedy });
    expect(failure?.text).toBe(
      `Requirement: requirement of ARP-01\nExpected: as required\nSeen: s\nCause: c\nRemedy: on rs2: first\nor, on rs2: second <b> & "more"\nask`,
    );
  });

  it('has what follows from another finding as skipped, or as a failure that begins with it', () => {
    const because = { check: 'PP-16', hosts: ['rs2'] };
    const reason = 'not judged because of PP-16: rs2; it presumes an answer';
    expect(child({ verdict: 'inconclusive', because, reason })).toMatchObject({
      name: 'skipped',
      attributes: { message: 'because of PP-16: rs2; it presumes an answer' },
    });
    expect(child({ verdict: 'inconclusive', because, reason: 'no entry' })?.attributes.message).toBe(
      'because of PP-16: rs2; no entry',
    );
    expect(child({ verdict: 'fail', because, seen: 'rs2 did not answer' })).toMatchObject({
      name: 'failure',
      attributes: { message: 'because of PP-16: rs2; rs2 did not answer' },
    });
  });

  it('survives text that XML cannot hold', () => {
    const seen = '\u0000\u001b[31mred\u001b[0m ]]> \ud800 \uffff <x a="1">&amp; 😀';
    expect(child({ verdict: 'fail', seen })?.attributes.message).toBe(
      '�\ufffd[31mred�[0m ]]> � � <x a="1">&amp; 😀',
    );
  });

  it('says where it was measured', () => {
    const suite = parsed().children[0];
    const values = elements(suite as never, 'property').map(({ attributes }) => attributes);
    expect(values).toContainEqual({ name: 'fidelity', value: 'uml · real time · 1 CPU · veth, offloads on' });
  });

  it('never looks green when nothing ran, or when the run itself had a problem', () => {
    expect(parsed({ results: [], exitCode: 3 }).attributes).toMatchObject({ tests: '1', errors: '1' });
    const faulty = parsed({ results: [aResult('A')], exitCode: 2, faults: [{ message: 'the guest hung' }] });
    expect(elements(faulty, 'error')[0]?.attributes.message).toBe('the guest hung');
    expect(parsed({ results: [aResult('A')], exitCode: 0 }).attributes).toMatchObject({
      tests: '1',
      errors: '0',
    });
  });

  it('an interrupted run is an error, once, however many checks did not run', () => {
    const xml = junit(aRecord({ results: [aResult('ARP-01')], exitCode: 130, notRun: ['PP-01', 'PP-02'] }));
    expect(xml).toContain('tests="2" failures="0" errors="1"');
    expect(xml).toContain('Interrupted: 1 check had ended, 2 had not');
  });
});

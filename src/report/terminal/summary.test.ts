import { describe, expect, it } from 'vitest';
import { aRecord, someMutants } from '../testing/record.ts';
import { aResult } from '../testing/result.ts';
import { terminalSummary } from './summary.ts';

describe('the summary on a terminal', () => {
  const summary = terminalSummary(aRecord({ mutants: someMutants() }), { color: false, width: 80 });

  it('ends with the conclusion', () => {
    expect(summary.trimEnd().split('\n\n').at(-1)).toMatch(/^Not conformant: 1 MUST check fails: ARP-01;/);
  });

  it('shows the four things of a failure, the command on one line', () => {
    expect(summary).toMatch(/requirement Of all hosts/);
    expect(summary).toMatch(/ {4}expected {4}only 02:00/);
    expect(summary).toMatch(/ {4}remedy {6}on rs2: sysctl -w net.ipv4.conf.all.arp_ignore=1\n/);
  });

  it('keeps within the width, but for what is there to be pasted', () => {
    const long = summary.split('\n').filter((line) => line.length > 80);
    expect(long.every((line) => / on \w+: /.test(line))).toBe(true);
  });

  it('has colours only when asked', () => {
    expect(summary).not.toContain('\u001b');
    expect(terminalSummary(aRecord(), { color: true, width: 80 })).toContain('\u001b[31m✗\u001b[0m');
  });

  it('lets no host speak to the terminal', () => {
    const results = [aResult('A', { verdict: 'fail', seen: 'x\u001b]0;title\u0007\u001b[2J' })];
    expect(terminalSummary(aRecord({ results }), { color: false, width: 80 })).not.toContain('\u001b');
  });
});

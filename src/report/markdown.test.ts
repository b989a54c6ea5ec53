import { describe, expect, it } from 'vitest';
import { markdown } from './markdown.ts';
import { aRecord, someMutants } from './testing/record.ts';
import { aResult } from './testing/result.ts';
import { block, code, text } from './text/md.ts';

describe('the Markdown summary', () => {
  const summary = markdown(aRecord({ mutants: someMutants() }));

  it('begins with the conclusion', () => {
    expect(summary).toMatch(/^## Not conformant\n\n1 MUST check fails: ARP-01;/);
  });

  it('counts by suite', () => {
    expect(summary).toContain('| scheduler |  |  |  |  |  | 1 | 2 | 5.7 s |');
  });

  it('has the cause and a command to paste for a failure', () => {
    expect(summary).toContain('- **Cause:** rs2 answers for the VIP');
    expect(summary).toContain('```sh\nsysctl -w net.ipv4.conf.all.arp_ignore=1\n');
  });

  it('gives the reason of whatever has no verdict, the label of the figures, and the mutants', () => {
    expect(summary).toContain('this lab has no UDP service');
    expect(summary).toContain('Measured in: uml · real time · 1 CPU · veth, offloads on.');
    expect(summary).toContain(
      '| `PP-02` | `nft-fwd` | an nftables director that forwards below IP | ✗ survived |',
    );
  });

  it('says of a failure what each vantage showed', () => {
    const vantages = [
      { from: 'c1', verdict: 'pass' as const },
      { from: 'c2, behind router', verdict: 'fail' as const, seen: '0 of 4' },
    ];
    const failed = aResult('PP-05', { verdict: 'fail', vantages });
    expect(markdown(aRecord({ results: [failed], exitCode: 1 }))).toContain(
      '- **Looked at from:** c1: pass; c2, behind router: fail',
    );
  });

  it('leaves out what there is nothing to say about', () => {
    const short = markdown(aRecord({ results: [aResult('ARP-01')], exitCode: 0 }));
    expect(short).not.toMatch(/Figures|Mutants|Without a verdict/);
    expect(short).toContain('## Conformant\n\n1 of 1 MUST checks pass.');
  });

  it('keeps rows whole and markup dead when hosts say something nasty', () => {
    const reason = 'a | b\n<img src=x onerror=alert(1)> [x](javascript:y) `c` @team https://example.org';
    const [row] = markdown(aRecord({ results: [aResult('A', { verdict: 'broken', reason })], exitCode: 2 }))
      .split('\n')
      .filter((line) => line.includes('onerror'));
    expect(row).toBe(
      '| ↯ broken | `A` | title of A | a \\| b &lt;img src=x onerror=alert(1)&gt; \\[x\\](javascript:y) \\`c\\` &#64;team https&#58;//example.org |',
    );
  });
});

describe('escaping', () => {
  it('fences code with more backticks than it holds', () => {
    expect(code('a`b')).toBe('``a`b``');
    expect(code('`a`')).toBe('`` `a` ``');
    expect(block('a\n```\nb\n', 'sh')).toBe('````sh\na\n```\nb\n````');
    expect(text('*a* _b_')).toBe('\\*a\\* \\_b\\_');
  });
});

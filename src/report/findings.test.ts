import { describe, expect, it } from 'vitest';
import { conclude } from './conclusion.ts';
import { html } from './html/index.ts';
import { claimsDocument, markdown, terminalSummary } from './index.ts';
import { aCrossedMutant, someClaims, someDiagnosis } from './testing/findings.ts';
import { aRecord, someMutants } from './testing/record.ts';

describe('a likely cause', () => {
  const record = aRecord({ diagnosis: someDiagnosis() });
  it('stands in the banner, with how likely it is, where, the remedy, and what tells it apart', () => {
    const source = html(record);
    const banner = source.slice(0, source.indexOf('</header>'));
    for (const text of [
      '<b>rs2: effective arp_ignore is 0 on eth0</b>',
      'most like «arp_ignore left at 0 on the real servers» (83 %)',
      '11 of 12 checks',
      'sysctl -w',
      'ARP-03 passes',
    ])
      expect(banner).toContain(text);
  });
  it('stands on the terminal and in the summary', () => {
    const lines = terminalSummary(record, { color: false, width: 100 });
    expect(lines).toMatch(/Likely cause\n1\. rs2: effective arp_ignore is 0 on eth0\n/);
    expect(lines).toContain('most like «arp_ignore left at 0 on the real servers» (83 %)');
    expect(lines).toContain('remedy: on rs2: sysctl');
    expect(markdown(record)).toContain('### Likely cause\n\n1. **rs2: effective arp\\_ignore');
  });
  it('is missing where there is none', () => {
    expect(html(aRecord())).not.toContain('Likely cause');
    expect(terminalSummary(aRecord(), { color: false, width: 100 })).not.toContain('Likely cause');
  });
});

describe('claims', () => {
  const record = aRecord({ command: 'claims', claims: someClaims(), results: [], exitCode: 2 });
  it('are told with verdict, reason and the checks that showed it', () => {
    const source = html(record);
    expect(source).toMatch(
      /<tr id="S05">.*?✗<\/b> false.*?Only the MAC.*?PP-01<\/a> pass: every byte the same/s,
    );
    expect(source).toContain('0 true, 0 partly, 1 false, 1 open');
    expect(terminalSummary(record, { color: false, width: 100 })).toMatch(/✗ false {2}S05/);
    expect(conclude(record)).toMatchObject({
      headline: 'Inconclusive',
      detail: expect.stringMatching(/1 claim is open: S43/),
    });
    expect(claimsDocument(record)).toMatch(/\| `S43` \| Real servers must not .* \| \? open \|/);
  });
  it('that are all decided make the headline', () => {
    const decided = {
      ...record,
      claims: someClaims().slice(0, 1),
      exitCode: 0,
      results: aRecord().results.slice(2, 3),
    };
    expect(conclude(decided)).toMatchObject({ headline: 'Decided', detail: '0 true, 0 partly, 1 false' });
  });
});

describe('the cross table of a kill matrix', () => {
  it('has a column for each check that was asked, and marks the one that the mutant belongs to', () => {
    const source = html(aRecord({ command: 'mutants', mutants: [aCrossedMutant(), ...someMutants()] }));
    const table = source.slice(source.indexOf('<table class="cross">'));
    expect([...table.matchAll(/<span><code>([^<]+)/g)].map(([, id]) => id)).toEqual([
      'ARP-01',
      'ARP-02',
      'PP-11',
      'VIP-01',
    ]);
    expect(table).toContain('<td class="v-fail own" title="ARP-01: fail">✗</td>');
    expect(table).toContain(
      '<td class="v-fail" title="ARP-02: fail">✗</td><td class=""></td><td class="soft">·</td>',
    );
  });
  it('is missing where nothing else was asked', () => {
    expect(html(aRecord({ mutants: someMutants() }))).not.toContain('<table class="cross"');
  });
});

it('a lab that could not be built is no inconclusive one', () => {
  const record = aRecord({
    results: [],
    exitCode: 69,
    faults: [{ message: 'no Docker answers at unix:///x' }],
  });
  expect(conclude(record)).toMatchObject({ headline: 'No lab', detail: 'no Docker answers at unix:///x' });
});

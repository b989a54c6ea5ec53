import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import { aRecord } from '../testing/record.ts';
import { runsSideBySide } from './index.ts';

const night = (change: (record: RunRecord) => void): RunRecord => {
  const record = structuredClone(aRecord());
  change(record);
  return record;
};
const first = aRecord();
const fixed = night((record) => {
  record.id = 'second';
  record.versions.keepalived = '2.3.1';
  record.lab.text += '# changed\n';
  for (const result of record.results) {
    if (result.id === 'PP-02') result.verdict = 'fail';
    for (const figure of result.figures) if (figure.name === 'download') figure.value *= 1.1;
  }
  record.results = record.results.filter(({ id }) => id !== 'HC-01');
});

describe('runs side by side', () => {
  const { terminal, markdown, html } = runsSideBySide([first, fixed]);

  it('put the verdicts that differ first', () => {
    const ids = [
      ...markdown.matchAll(/^\| (?:\*\*)?`([A-Z]+-\d+)`(?:\*\*)? \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm),
    ];
    expect(ids.slice(0, 3).map(([, id]) => id)).toEqual(['PP-02', 'HC-01', 'ARP-01']);
    expect(terminal).toContain('2 of 22 verdicts differ: PP-02, HC-01.');
    expect(terminal).toMatch(/^HC-01 +✓ pass +not run/m);
    expect(terminal).not.toMatch(/^ARP-01 /m);
  });

  it('say what else was not the same', () => {
    expect(terminal).toMatch(/^keepalived version +2\.2\.7 +2\.3\.1$/m);
    expect(terminal).toMatch(/^lab file +text 1 +text 2$/m);
    expect(terminal).not.toContain('ipvsadm version');
  });

  it('put figures with the same label side by side, and curves on one axis', () => {
    expect(terminal).toMatch(/THR-01 download +2\.31 Gbit\/s +2\.54 Gbit\/s \+10\.0 %/);
    expect(html).toContain('LAT-01: time to the whole answer, through the director');
    expect(terminal).not.toContain('different surroundings');
  });

  it('never put figures with different labels on one axis, and say so', () => {
    const elsewhere = night((record) => {
      record.fidelity.sandbox = 'host';
    });
    const compared = runsSideBySide([first, elsewhere]);
    for (const text of Object.values(compared)) {
      expect(text).toContain('not compared across them');
      expect(text).not.toContain('Gbit/s');
    }
    expect(compared.html).not.toContain('<figure>');
  });

  it('have nothing to report when nothing changed', () => {
    expect(runsSideBySide([first, first]).terminal).toContain(
      'No verdict differs among 22 checks of 2 runs.',
    );
    expect(runsSideBySide([]).terminal).toContain('No checks to compare.');
  });
});

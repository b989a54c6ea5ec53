import { expect, it } from 'vitest';
import { markdown } from '../markdown.ts';
import { terminalSummary } from '../terminal/summary.ts';
import { aRecord } from '../testing/record.ts';
import { aResult } from '../testing/result.ts';

const virtual = { sandbox: 'uml', time: 'virtual', cpus: 1, network: 'veth, offloads on' } as const;
const figure = { name: 'outage', value: 3400, unit: 'ms', better: 'lower' } as const;

it('a figure from another time than that of its run says so, in every report', () => {
  const record = aRecord({
    results: [
      aResult('HA-01', { figures: [figure], fidelity: virtual }),
      aResult('ARP-01', { figures: [figure] }),
    ],
  });
  const texts = [terminalSummary(record, { color: false, width: 200 }), markdown(record)];
  for (const text of texts) {
    const lines = text.split('\n').filter((line) => line.includes('3.4'));
    expect(lines.filter((line) => line.includes('virtual time')).length).toBe(1);
    expect(lines.find((line) => line.includes('virtual time'))).toContain('HA-01');
    expect(lines.find((line) => line.includes('virtual time'))).not.toContain('uml');
  }
});

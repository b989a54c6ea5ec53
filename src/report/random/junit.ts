import type { RandomFaultResult } from '../../model/record.ts';
import type { Case } from '../junit-case.ts';
import { oneLine } from '../text/safe.ts';
import { element } from '../xml.ts';
import { isFine, saidOf } from './words.ts';

export function faultCase(fault: RandomFaultResult): Case {
  const seconds = fault.tookMs / 1000;
  const kind = isFine(fault) ? 'ok' : fault.outcome === 'no-verdict' ? 'error' : 'failure';
  const message = oneLine(`${fault.breaks}; the report said first: ${saidOf(fault)}`);
  const xml = element(
    'testcase',
    { classname: 'drlab.random', name: `${fault.id} ${fault.kind}`, time: seconds.toFixed(3) },
    kind === 'ok' ? [] : [element(kind, { type: fault.outcome, message })],
  );
  return { xml, kind, seconds };
}

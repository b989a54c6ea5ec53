import { inconclusiveWhen } from '../testing/inconclusive.ts';

const blind = { hosts: [{ host: 'rs1', facts: [], unusual: [], sysctls: 0, written: [] }] };

await inconclusiveWhen(import.meta.url, {
  'STA-01': [{ because: /nothing could be read on rs1/, made: blind }],
  'STA-02': [
    { because: /nothing could be read on rs1/, made: { after: blind } },
    { because: /nothing could be read on rs1/, made: { before: blind, after: blind } },
  ],
});

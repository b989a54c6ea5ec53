import { inconclusiveWhen } from '../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'ENV-02': [{ because: /had no rules to begin with/, where: { before: 0 } }],
});

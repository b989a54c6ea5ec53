import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

const unsent: Unjudged[] = [{ because: /the client sent nothing to the VIP/, where: { 'inner.packets': 0 } }];

await inconclusiveWhen(import.meta.url, {
  'LN-01': [{ because: /no connection was tried/, where: { 'inner.answers': [] } }],
  'LN-02': unsent,
  'LN-03': unsent,
  'LN-04': unsent,
  'LN-05': unsent,
});

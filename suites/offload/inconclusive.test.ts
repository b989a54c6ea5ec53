import { inconclusiveWhen } from '../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'OFF-01': [
    {
      because: /no frame of the director was captured; timeout/,
      where: {
        'inner.longestBytes': 0,
        'inner.captured': { tookUs: null, arrivedBytes: 0, same: false, error: 'timeout' },
      },
    },
    { because: /no frame was longer than the MTU/, where: { 'inner.longestBytes': 1_514 } },
  ],
  'OFF-02': [{ because: /nothing was uploaded/, where: { 'inner.tries': [] } }],
  'OFF-03': [
    { because: /an upload did not arrive/, where: { 'inner.withOffloads.upload.same': false } },
    { because: /an upload did not arrive/, where: { 'inner.without.upload.same': false } },
  ],
});

import { inconclusiveWhen } from '../../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'LNG-01': [
    { because: /nobody had the VIP at first/, where: { active: [] } },
    { because: /there were only 3 looks/, where: { looks: (looks: unknown[]) => looks.slice(0, 3) } },
  ],
  'LNG-02': [{ because: /not established/, where: { 'talkingErrors.0': 'refused' } }],
  'LNG-03': [
    { because: /not established/, where: { 'talkingErrors.0': 'refused' } },
    { because: /not established/, where: { lastedS: 600 } },
  ],
});

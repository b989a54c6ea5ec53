import { inconclusiveWhen } from '../../testing/inconclusive.ts';

await inconclusiveWhen(import.meta.url, {
  'ARP-09': [{ because: /no director took the VIP over from d1/, where: { newMaster: null } }],
  'HA-06': [
    { because: /before that: .* on d2/, where: { 'before.1.holders': ['d2'] } },
    { because: /before that: none/, where: { before: [] } },
    { because: /the fault moved nothing/, where: { 'after.0.holders': ['d1'] } },
  ],
  'HA-12': [{ because: /left no rules on d1/, where: { left: [] } }],
  'HA-13': [{ because: /no frame to 00:00:5e:00:01:33/, where: { 'arrived.*.frames': 0 } }],
  'HA-14': [
    { because: /d2 did not take over/, where: { taken: false } },
    { because: /1 connections failed/, where: { 'after.0': null } },
  ],
  'HA-23': [{ because: /none of d1 and d2 advertised/, where: { voices: [] } }],
});

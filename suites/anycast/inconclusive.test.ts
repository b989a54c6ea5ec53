import { inconclusiveWhen } from '../testing/inconclusive.ts';

const directors = ['a1', 'a2'];
const flows = (count: number, flow: string[]): string[][] => Array<string[]>(count).fill(flow);
const tables = ['mh rs1=1', 'mh rs1=1'];

await inconclusiveWhen(import.meta.url, {
  'ANY-01': [
    { because: /router|r1 has 1 next hops/, where: { hops: ['a1'] } },
    { because: /0 of 256 flows were seen/, where: { flows: [] } },
  ],
  'ANY-02': [{ because: /no router was looked at/, where: { vips: [] } }],
  'ANY-03': [
    { because: /there is one director/, where: { directors: ['a1'] } },
    { because: /a2 sent no flow/, made: { directors, flows: flows(48, ['rs1', '']), tables } },
    {
      because: /10 of 48 flows were seen/,
      made: { directors, flows: [...flows(10, ['rs1', 'rs1']), ...flows(38, ['rs1', ''])], tables },
    },
  ],
  'ANY-04': [
    { because: /a4 was no next hop of r1 before/, where: { was: false } },
    { because: /the load did not run/, where: { 'record.streams': [] } },
    { because: /timers were 900 ms late/, where: { 'record.lateMs': 900 } },
  ],
  'ANY-05': [{ because: /a4 was no next hop of r1 before/, where: { was: false } }],
  'ANY-06': [{ because: /a4 was no next hop of r1 before/, where: { was: false } }],
  'ANY-07': [
    { because: /only 0 of 48 connections came about/, where: { flows: [] } },
    { because: /a4 was stopped, and still is a next hop/, where: { gone: false } },
    { because: /none of 48 connections was with a9/, where: { director: 'a9' } },
  ],
  'ANY-08': [{ because: /7 of 8 flows reached a real server themselves/, where: { 'flows.0.server': '' } }],
});

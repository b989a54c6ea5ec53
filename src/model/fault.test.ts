import { describe, expect, it } from 'vitest';
import { labOf } from '../../lab/base/testing/lab-of.ts';
import { capabilities } from './capabilities.ts';
import { capabilityOf, describeFault, type FaultSpec, faultProblem } from './fault.ts';

const vrrp = {
  version: 3 as const,
  virtualRouterId: 51,
  advertMs: 100,
  priorities: [150, 100],
  preempt: true,
};
const pair = labOf({
  director: { kind: 'keepalived', vrrp },
  directors: 2,
  services: [{}, { protocol: 'udp', port: 5000 }],
});

const sensible: FaultSpec[] = [
  { kind: 'daemon', host: 'dir1', signal: 'KILL' },
  { kind: 'powerOff', host: 'client1', back: 'rebooted' },
  { kind: 'portDown', host: 'rs1' },
  { kind: 'flap', host: 'rs1', periodMs: 100, count: 3 },
  { kind: 'loss', host: 'dir2', direction: 'toHost', percent: 100 },
  { kind: 'partition', sides: [['dir1'], ['dir2', 'rs1']] },
  { kind: 'announcementsLost', host: 'dir2' },
  { kind: 'slowAnswers', host: 'rs1', delayMs: 100, requesters: 'directors' },
  { kind: 'errorAnswers', host: 'rs1', status: 500, requesters: 'everyone' },
  { kind: 'hang', host: 'rs1', requesters: 'everyone' },
  { kind: 'serviceDead', host: 'rs1' },
  { kind: 'tableFull', host: 'dir1', entries: 1000 },
  { kind: 'clockStep', stepMs: -5000 },
  { kind: 'rogueRouter', priority: 200 },
];

it.each(sensible)('$kind makes sense, needs a capability and can be told', (fault) => {
  expect(faultProblem(fault, pair)).toBeUndefined();
  expect(Object.keys(capabilities)).toContain(capabilityOf(fault));
  const named = 'host' in fault ? fault.host : fault.kind === 'partition' ? 'dir1' : '';
  expect(describeFault(fault)).toContain(named);
  expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
});

it('is told apart from others', () => {
  expect(new Set(sensible.map(describeFault)).size).toBe(sensible.length);
});

describe('makes no sense', () => {
  it.each<[FaultSpec, string]>([
    [{ kind: 'portDown', host: 'rs9' }, 'the lab has no host «rs9»'],
    [{ kind: 'partition', sides: [['dir1'], ['rs9']] }, 'the lab has no host «rs9»'],
    [{ kind: 'partition', sides: [['dir1'], []] }, 'a side of the partition is empty'],
    [{ kind: 'partition', sides: [['dir1'], ['dir1']] }, 'dir1 is on both sides of the partition'],
    [{ kind: 'daemon', host: 'rs1', signal: 'TERM' }, 'rs1 is not a director'],
    [{ kind: 'tableFull', host: 'rs1', entries: 1 }, 'rs1 is not a director'],
    [
      { kind: 'tableFull', host: 'dir1', entries: 1e6 },
      'the number of entries is 1000000, not between 0 and 100000',
    ],
    [{ kind: 'serviceDead', host: 'client1' }, 'client1 serves no TCP service'],
    [
      { kind: 'loss', host: 'rs1', direction: 'toHost', percent: 0 },
      'the percentage is 0, not between 1 and 100',
    ],
    [{ kind: 'rogueRouter', priority: 255 }, 'the priority is 255, not between 1 and 254'],
  ])('%j', (fault, why) => {
    expect(faultProblem(fault, pair)).toBe(why);
  });

  it('without VRRP', () => {
    const plain = labOf({ director: { kind: 'ipvsadm' } });
    expect(faultProblem({ kind: 'rogueRouter', priority: 200 }, plain)).toMatch(/do not speak VRRP/);
  });
});

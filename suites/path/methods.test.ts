import { describe, expect, test } from 'vitest';
import type { ForwardingMethod, LabSpec } from '../../src/model/spec.ts';
import type { Frame } from '../../src/probe/frame.ts';
import { saidOf } from '../testing/judging.ts';
import { differences, ipBytes } from './forwarding/fields.ts';

/** What a check that means all forwarding methods says of another one than DR. */

const by =
  (forward: ForwardingMethod) =>
  (spec: LabSpec): LabSpec => ({ ...spec, services: spec.services.map((one) => ({ ...one, forward })) });

describe('RP-01 with NAT', () => {
  const rip = '198.18.1.1';
  const isAnswer = ({ ip, tcp }: Frame) => ip?.src === '198.18.0.100' && tcp?.srcPort === 80;
  /** As it was seen with DR, its answers as NAT has them: from the RIP to the director, and on from there. */
  const masqueraded = (frames: Frame[], on: Partial<NonNullable<Frame['ip']>> = {}): Frame[] => {
    const director = frames.find(({ ip, tcp }) => ip?.dst === '198.18.0.100' && tcp?.flags.syn)?.dst ?? '';
    return frames.flatMap((frame) => {
      const { ip } = frame;
      if (!ip || !isAnswer(frame)) return [frame];
      return [
        { ...frame, dst: director, ip: { ...ip, src: rip } },
        { ...frame, src: director, ip: { ...ip, ...on } },
      ];
    });
  };
  const said = (edit: (frames: Frame[]) => Frame[]) =>
    saidOf('RP-01', { where: { 'inner.frames': edit }, inLab: by('nat') });

  test('passes where answers go back through the director, which puts the VIP in', () => {
    expect(said((frames) => masqueraded(frames))).toMatchObject({ verdict: 'pass' });
  });
  test('fails where a real server answers past it', () => {
    expect(said((frames) => frames)).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/reaches the client past the director/),
    });
  });
  test('fails where the director only routes them', () => {
    const { verdict, cause } = said((frames) => masqueraded(frames, { src: rip }));
    expect([verdict, cause]).toEqual(['fail', expect.stringMatching(/without rewriting them/)]);
  });
  test('fails where it sends none on', () => {
    const { cause } = said((frames) => masqueraded(frames).filter((frame) => !isAnswer(frame)));
    expect(cause).toMatch(/sends no answers on/);
  });
});

test('PP-13 with TUN takes what it adds from the MTU', () => {
  const shorter = (mtu: number) => mtu - 20;
  const where = { 'needed.*.mtu': shorter, learntMtu: shorter };
  expect(saidOf('PP-13', { where, inLab: by('tun') })).toMatchObject({ verdict: 'pass' });
  expect(saidOf('PP-13', { inLab: by('tun') })).toMatchObject({ verdict: 'fail' });
});

test('PP-14 with TUN does not ask for the same boundaries', () => {
  const where = { 'out.*.id': 7 };
  expect(saidOf('PP-14', { where, inLab: by('tun') })).toMatchObject({ verdict: 'pass' });
  expect(saidOf('PP-14', { where })).toMatchObject({ verdict: 'fail' });
});

test('CT-01 with NAT expects TIME_WAIT', () => {
  const where = { 'inner.afterClose.*.state': 'TIME_WAIT' };
  expect(saidOf('CT-01', { where, inLab: by('nat') })).toMatchObject({ verdict: 'pass' });
  expect(saidOf('CT-01', { inLab: by('nat') })).toMatchObject({ verdict: 'fail' });
});

test('PP-24 compares the packet inside', () => {
  const header = (protocol: number, bytes: number) =>
    Buffer.from([
      0x45,
      0,
      bytes >> 8,
      bytes & 255,
      0,
      1,
      0,
      0,
      64,
      protocol,
      0,
      0,
      198,
      18,
      0,
      1,
      198,
      18,
      0,
      100,
    ]);
  const inside = Buffer.concat([header(6, 40), Buffer.alloc(20, 0x50)]);
  const wrapped = Buffer.concat([Buffer.alloc(14), header(4, 60), inside]);
  expect(differences(inside, ipBytes(wrapped))).toEqual([]);
});

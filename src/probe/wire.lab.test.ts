import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../model/lab.ts';
import { whoHas } from './arp.ts';
import { proberOn } from './client/prober.ts';
import { tcpFrame, udpFrame } from './frame.ts';
import { inject } from './inject.ts';
import { iperf } from './iperf.ts';
import { activeDirector, addressesOf, flushNeighbours, holdersOf, neighbour } from './neighbour.ts';
import { decodePcap } from './pcap.ts';
import { cable } from './testing/cable.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await cable();
});
afterAll(() => lab[Symbol.asyncDispose]());

const macs = { srcMac: '02:00:00:00:00:01', dstMac: '02:00:00:00:00:02' };
const toVip = { ...macs, srcIp: '198.18.0.1', dstIp: '198.18.0.100', srcPort: 40_000, dstPort: 81 };

describe('whoHas', () => {
  it('hears the answer to each question', async () => {
    const heard = await whoHas(lab, 'a', '198.18.0.100', { count: 3, waitMs: 300 });
    expect(heard.asked).toBe(3);
    expect(heard.replies.map((reply) => reply.senderMac)).toEqual(Array(3).fill('02:00:00:00:00:02'));
    expect(decodePcap(heard.pcap).length).toBeGreaterThanOrEqual(6);
  });

  it('has asked, even when nobody answers', async () => {
    expect(await whoHas(lab, 'a', '198.18.0.77', { count: 1, waitMs: 200 })).toMatchObject({
      asked: 1,
      replies: [],
    });
  });
});

describe('inject', () => {
  it('sends frames that a kernel takes for good ones', async () => {
    await using capture = await lab.capture({ filter: 'host 198.18.0.100' });
    const udp = udpFrame({ ...toVip, payload: Buffer.from('hello') });
    await inject(lab.host('a'), [tcpFrame({ ...toVip, seq: 1000, flags: ['syn'] }), udp], { gapMs: 5 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const frames = decodePcap(await capture.stop());
    // Neither port is open: the kernel checks the sums first, then answers with RST and ICMP.
    const reset = frames.find((frame) => frame.tcp?.flags.rst && frame.ip?.src === '198.18.0.100');
    expect(reset?.tcp?.ack).toBe(1001);
    const refusal = frames.find((frame) => frame.icmp?.type === 3 && frame.ip?.src === '198.18.0.100');
    expect(refusal?.icmp).toMatchObject({ code: 3, quoted: { srcPort: 40_000, dstPort: 81, protocol: 17 } });
  });

  it('says why it could not', async () => {
    await expect(inject(lab.host('a'), [udpFrame(toVip)], { device: 'eth7' })).rejects.toThrow(
      'eth7: No such',
    );
  });
});

describe('neighbours and addresses', () => {
  it('knows who was learnt, and forgets', async () => {
    await lab.host('a').exec('ping -c 1 -W 2 198.18.0.2');
    expect(await neighbour(lab.host('a'), '198.18.0.2')).toMatchObject({ mac: '02:00:00:00:00:02' });
    await flushNeighbours([lab.host('a'), lab.host('b')]);
    expect(await neighbour(lab.host('a'), '198.18.0.2')).toBeUndefined();
    await flushNeighbours([lab.host('a')]);
  });

  it('finds the director that has the VIP', async () => {
    const address = { device: 'eth0', address: '198.18.0.100', prefixLength: 32, scope: 'global' };
    expect(await addressesOf(lab.host('b'))).toContainEqual(address);
    expect(await holdersOf(lab, '198.18.0.100')).toEqual(['b']);
    expect(await activeDirector(lab, '198.18.0.100')).toBe('b');
    await expect(activeDirector(lab, '198.18.0.55')).rejects.toThrow('no director has the VIP');
  });
});

describe('across the cable', () => {
  it('runs the prober as a program of its own', async () => {
    const prober = await proberOn(lab, 'a');
    const [answer] = await prober.requests({ ip: '198.18.0.2', port: 80 }, { count: 1 });
    expect(answer).toMatchObject({ ok: false, error: 'refused' });
  });

  it('measures bulk with iperf3', async () => {
    const target = { ip: '198.18.0.2', port: 5201, server: 'b' };
    const result = await iperf(lab, 'a', target, { durationMs: 1000 });
    expect(result.bitsPerS).toBeGreaterThan(1e6);
    expect(result.version).toMatch(/^iperf 3/);
    const nobody = { ip: '198.18.0.77', port: 5201, server: 'b' };
    await expect(iperf(lab, 'a', nobody, { durationMs: 1000 })).rejects.toThrow('iperf3 on b ended');
  });
});

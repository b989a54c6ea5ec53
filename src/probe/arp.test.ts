import { describe, expect, it } from 'vitest';
import { answersTo } from './arp.ts';
import { arpRequest, decodeFrame, type Frame } from './frame.ts';

const requester = { mac: '02:00:00:00:00:01', ip: '198.18.0.1' };
const vip = '198.18.0.100';
const request = decodeFrame(
  arpRequest({ senderMac: requester.mac, senderIp: requester.ip, targetIp: vip }),
  0,
);

function reply(o: { from: string; senderIp?: string; to?: string; op?: number }): Frame {
  const arp = {
    op: o.op ?? 2,
    senderMac: o.from,
    senderIp: o.senderIp ?? vip,
    targetMac: o.to ?? requester.mac,
    targetIp: requester.ip,
  };
  return { tUs: 5, src: o.from, dst: requester.mac, etherType: 0x0806, bytes: 60, arp };
}

describe('answersTo', () => {
  it('keeps every answer to our question, from whomever', () => {
    const { replies, asked } = answersTo(
      [request, reply({ from: 'dir' }), request, reply({ from: 'rs1' })],
      requester,
      vip,
    );
    expect(asked).toBe(2);
    expect(replies).toEqual([
      { senderMac: 'dir', senderIp: vip, tUs: 5 },
      { senderMac: 'rs1', senderIp: vip, tUs: 5 },
    ]);
  });

  it('ignores other questions, other answers, and gratuitous ARP', () => {
    const others = [
      reply({ from: 'dir', senderIp: '198.18.0.10' }),
      reply({ from: 'dir', to: '02:00:00:00:00:02' }),
      reply({ from: 'dir', op: 1 }),
      decodeFrame(
        arpRequest({ senderMac: requester.mac, senderIp: requester.ip, targetIp: '198.18.0.9' }),
        0,
      ),
    ];
    expect(answersTo(others, requester, vip)).toEqual({ replies: [], asked: 0 });
  });
});

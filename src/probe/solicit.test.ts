import { describe, expect, it } from 'vitest';
import { echoRequest6, neighbourSolicitation } from './craft6.ts';
import { decodeFrame } from './frame.ts';
import { advertisementsTo } from './solicit.ts';

const requester = { mac: '02:00:00:00:00:01', ip6: 'fd00::1' };
const hosts = [
  { name: 'rs1', mac: '02:00:00:00:00:15' },
  { name: 'rs2', mac: '02:00:00:00:00:16' },
];
const vip = 'fd00::64';

const question = neighbourSolicitation({ senderMac: requester.mac, senderIp: requester.ip6, targetIp: vip });

/** A question turned into what an owner of the address says to `to`. */
function advertisement(mac: string, to = requester.ip6, target = vip) {
  const bytes = neighbourSolicitation({
    senderMac: mac,
    senderIp: target,
    targetIp: target,
    onlyMac: requester.mac,
  });
  const frame = decodeFrame(bytes, 0);
  if (frame.icmp6) frame.icmp6 = { ...frame.icmp6, type: 136 };
  if (frame.ip6) frame.ip6 = { ...frame.ip6, dst: to };
  return frame;
}

function echoReply(mac: string) {
  const frame = decodeFrame(
    echoRequest6({ srcMac: mac, dstMac: requester.mac, srcIp: 'fd00::15', dstIp: requester.ip6, id: 1 }),
    0,
  );
  if (frame.icmp6) frame.icmp6 = { ...frame.icmp6, type: 129 };
  return frame;
}

describe('advertisementsTo', () => {
  it('counts our questions, and the answers to them from whomever they come', () => {
    const frames = [
      decodeFrame(question, 0),
      advertisement('02:00:00:00:00:0d'),
      advertisement('02:00:00:00:00:15'),
    ];
    const { asked, replies } = advertisementsTo(frames, requester, vip, []);
    expect(asked).toBe(1);
    expect(replies.map((reply) => reply.mac)).toEqual(['02:00:00:00:00:0d', '02:00:00:00:00:15']);
  });

  it('leaves out answers to others and about others', () => {
    const frames = [
      advertisement('02:00:00:00:00:0d', 'fd00::9'),
      advertisement('02:00:00:00:00:0d', requester.ip6, 'fd00::65'),
    ];
    expect(advertisementsTo(frames, requester, vip, [])).toMatchObject({ asked: 0, replies: [] });
  });

  it('names the hosts whose silence says nothing', () =>
    expect(advertisementsTo([echoReply('02:00:00:00:00:16')], requester, vip, hosts).unheard).toEqual([
      'rs1',
    ]));
});

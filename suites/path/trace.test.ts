import { expect, it } from 'vitest';
import { decodeFrame, tcpFrame } from '../../src/probe/frame.ts';
import { ofOpened } from './trace.ts';

const [client, director, server] = ['02:0c:00:00:00:01', '02:0d:00:00:00:01', '02:0e:00:00:00:01'];
const [cip, vip, port] = ['198.18.250.1', '198.18.0.100', 80];
type Flags = Parameters<typeof tcpFrame>[0]['flags'];
const request = (srcPort: number, flags: Flags, dstPort = port) =>
  decodeFrame(
    tcpFrame({ srcMac: client, dstMac: director, srcIp: cip, dstIp: vip, srcPort, dstPort, flags }),
    0,
  );
const answer = (dstPort: number, flags: Flags) =>
  decodeFrame(
    tcpFrame({ srcMac: server, dstMac: client, srcIp: vip, dstIp: cip, srcPort: port, dstPort, flags }),
    0,
  );

it('keeps connections that were opened in view, and leaves out the last words of earlier ones', () => {
  const own = [request(40_000, ['syn']), answer(40_000, ['syn', 'ack']), request(40_000, ['fin', 'ack'])];
  const late = [
    request(39_999, ['fin', 'ack'], 8080),
    request(39_998, ['rst']),
    answer(39_998, ['fin', 'ack']),
  ];
  expect(ofOpened([...late, ...own], { cip, vip, port })).toEqual(own);
});

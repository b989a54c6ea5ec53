import { expect, it } from 'vitest';
import { echoFaults, parseEchoes } from './echoes.ts';

const text = `of d1
PING 198.18.0.10 (198.18.0.10) 56(84) bytes of data.

--- 198.18.0.10 ping statistics ---
700 packets transmitted, 700 received, 0% packet loss, time 40ms
rtt min/avg/max/mdev = 0.003/0.003/0.040/0.003 ms, pipe 20, ipg/ewma 0.021/0.004 ms
of rs1
--- 198.18.1.1 ping statistics ---
700 packets transmitted, 693 received, 1% packet loss, time 140ms
of rs2
--- 198.18.1.2 ping statistics ---
700 packets transmitted, 700 received, +5 duplicates, 0% packet loss, time 140ms
of rs3
`;

it('reads what ping sums up of each host', () =>
  expect(parseEchoes(text)).toEqual([
    { host: 'd1', sent: 700, received: 700, copies: 0 },
    { host: 'rs1', sent: 700, received: 693, copies: 0 },
    { host: 'rs2', sent: 700, received: 700, copies: 5 },
    { host: 'rs3', sent: 0, received: 0, copies: 0 },
  ]));

it('finds fault with loss and copies, not with silence', () =>
  expect(echoFaults(parseEchoes(text)).map(({ seen }) => seen)).toEqual([
    '7 of 700 echoes of rs1 were lost',
    '5 echoes of rs2 came twice',
  ]));

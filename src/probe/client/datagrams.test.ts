import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { parseEcho, udpSocket } from './datagrams.ts';
import { freshPort } from './ports.ts';

it('takes the next fresh port where a program has one', async () => {
  const address = '127.81.4.2';
  // Away from those that other tests ask for by number.
  const used = Array.from({ length: 100 }, () => freshPort(address, 'udp'));
  const taken = Math.max(...used) + 1;
  const program = createSocket('udp4').bind({ port: taken, address });
  await once(program, 'listening');
  const socket = await udpSocket({ ip: address, port: 9 }, address);
  expect(socket.address()).toMatchObject({ address, port: taken + 1 });
  socket.close();
  program.close();
});

it.each([
  ['rs1 17', 'rs1', '17'],
  ['rs1 17...\n', 'rs1', '17...'],
  [`rs1 17${'x'.repeat(2000)}`, 'rs1', '17'],
  ['rs1', 'rs1', ''],
])('reads an echo, with or without a body behind it', (text, server, payload) => {
  expect(parseEcho(text)).toEqual({ server, payload });
});

it('says why an address is unavailable', async () => {
  await expect(udpSocket({ ip: '127.0.0.1', port: 9 }, '198.18.0.1')).rejects.toThrow(/EADDRNOTAVAIL/);
});

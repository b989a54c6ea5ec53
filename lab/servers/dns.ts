import type { Socket } from 'node:net';
import { parseIpv4 } from '../../src/util/ipv4.ts';
import { isIpv6, parseIpv6 } from '../../src/util/ipv6.ts';

/** A name server as far as a health check goes (RFC 1035): each name has an address, and every zone an SOA. */

export interface Known {
  names?: Record<string, string>;
  /** What any other name has. */
  rip: string;
}

const headBytes = 12;
const types = { A: 1, NS: 2, SOA: 6, TXT: 16, AAAA: 28 };
/** Of an answer: what it is about is the name at the beginning of the question. */
const theName = Buffer.from([0xc0, headBytes]);
const ttlS = 1;

/** @returns the answer; undefined where this is no question. */
export function dnsAnswer(message: Buffer, server: string, known: Known): Buffer | undefined {
  const question = questionOf(message);
  if (!question) return undefined;
  const { name, type, end } = question;
  const data = dataOf(name, type, server, known);
  const head = Buffer.from(message.subarray(0, headBytes));
  // An answer, with authority; recursion was wanted or not, and is offered.
  head.writeUInt16BE(0x8480 | (message.readUInt16BE(2) & 0x0100), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, message.subarray(headBytes, end), ...(data ? [record(type, data)] : [])]);
}

function questionOf(message: Buffer): { name: string; type: number; end: number } | undefined {
  if (message.length < headBytes + 5) return undefined;
  const isQuery = (message.readUInt16BE(2) & 0xf800) === 0;
  if (!isQuery || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = headBytes;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + length + 1 >= message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  if (at + 5 > message.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(ttlS, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([theName, head, data]);
}

function dataOf(name: string, type: number, server: string, { names = {}, rip }: Known): Buffer | undefined {
  const own = Object.entries(names).find(([one]) => one.toLowerCase().replace(/\.$/, '') === name);
  const address = own?.[1] ?? rip;
  switch (type) {
    case types.A:
      return isIpv6(address) ? undefined : Buffer.from(bytesOf(parseIpv4(address) ?? 0));
    case types.AAAA:
      return isIpv6(address) ? Buffer.from((parseIpv6(address) ?? []).flatMap(pairOf)) : undefined;
    case types.NS:
      return theName;
    case types.TXT:
      return Buffer.concat([Buffer.from([server.length]), Buffer.from(server, 'latin1')]);
    case types.SOA:
      return Buffer.concat([theName, theName, Buffer.from([1, 3600, 600, 86_400, ttlS].flatMap(bytesOf))]);
    default:
      return undefined;
  }
}

const pairOf = (group: number): number[] => [group >>> 8, group & 0xff];
const bytesOf = (value: number): number[] => [...pairOf(value >>> 16), ...pairOf(value & 0xffff)];

/** Each message after its length (RFC 7766). */
export function answerOverTcp(socket: Socket, server: string, known: Known): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const answer = dnsAnswer(pending.subarray(2, end), server, known);
      pending = pending.subarray(end);
      if (!answer) {
        socket.destroy();
        return;
      }
      socket.write(Buffer.concat([Buffer.from(pairOf(answer.length)), answer]));
    }
  });
}

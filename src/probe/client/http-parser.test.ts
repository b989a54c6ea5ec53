import { describe, expect, it } from 'vitest';
import { HttpParser } from './http-parser.ts';

const answer = (body: string, status = '200 OK') =>
  Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nX: y\r\n\r\n${body}`);

describe('HttpParser', () => {
  it('reads the server and the client that it saw, byte by byte too', () => {
    const whole = answer(`rs1 198.18.0.1\n${'x'.repeat(1000)}`);
    const expected = [{ ok: true, server: 'rs1', seenAs: '198.18.0.1', bytes: 1015 }];
    expect(new HttpParser().feed(whole)).toEqual(expected);
    const parser = new HttpParser();
    expect([...whole].flatMap((byte) => parser.feed(Buffer.from([byte])))).toEqual(expected);
  });

  it('separates pipelined answers, however they are cut', () => {
    const three = Buffer.concat([answer('rs1 a\n'), answer('rs2 b\n'), answer('rs3 c\n')]);
    for (let cut = 1; cut < three.length; cut += 1) {
      const parser = new HttpParser();
      const replies = [...parser.feed(three.subarray(0, cut)), ...parser.feed(three.subarray(cut))];
      expect(replies.map((reply) => reply.server)).toEqual(['rs1', 'rs2', 'rs3']);
    }
  });

  it('takes an answer without a length when the connection ends', () => {
    const parser = new HttpParser();
    expect(parser.feed(Buffer.from('HTTP/1.0 200 OK\r\n\r\nrs1 198.18.0.1\n'))).toEqual([]);
    expect(parser.end()).toMatchObject({ ok: true, server: 'rs1', bytes: 15 });
    expect(parser.end()).toBeUndefined();
  });

  it('does not take an error page for a server', () =>
    expect(new HttpParser().feed(answer('<html><body>', '503 Service Unavailable'))).toEqual([
      { ok: false, status: 503, bytes: 12 },
    ]));

  it('names no server in an empty body', () =>
    expect(new HttpParser().feed(answer(''))).toEqual([{ ok: false, bytes: 0 }]));

  it('throws on anything that is no HTTP', () => {
    expect(() => new HttpParser().feed(Buffer.from('SSH-2.0-OpenSSH\r\n\r\n'))).toThrow('not HTTP');
    expect(() => new HttpParser().feed(Buffer.alloc(20_000, 'a'))).toThrow('too long');
  });
});

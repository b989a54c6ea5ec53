import { describe, expect, it } from 'vitest';
import { formatAnswer } from './http.ts';
import { parseRequest } from './request.ts';

const get = 'GET /?delay=20&bytes=5 HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a request', () => {
  it('is read with its length and its query', () => {
    expect(parseRequest(`${get}GET /next`)).toEqual({
      bytes: get.length,
      keepAlive: true,
      headOnly: false,
      delayMs: 20,
      bodyBytes: 5,
    });
  });

  it('is partial until its head is complete', () => {
    expect(parseRequest(get.slice(0, -1))).toBe('partial');
  });

  it('counts its body', () => {
    const post = 'POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\n';
    expect(parseRequest(post)).toMatchObject({ bytes: post.length + 7 });
  });

  it.each([
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', false],
    ['GET / HTTP/1.0\r\n\r\n', false],
    ['GET / HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n', true],
  ])('says whether the connection stays: %j', (text, keepAlive) => {
    expect(parseRequest(text)).toMatchObject({ keepAlive });
  });

  it.each(['SSH-2.0-x\r\n\r\n', 'GET /\r\n\r\n', 'x'.repeat(70_000)])(
    'is refused when it is no HTTP',
    (text) => {
      expect(() => parseRequest(text)).toThrow();
    },
  );
});

describe('an answer', () => {
  const answering = { name: 'rs1', delayMs: 0, bodyBytes: 3 };
  const asked = { keepAlive: true, headOnly: false, bodyBytes: undefined };

  it('names the real server and the client, and fills up', () => {
    const text = formatAnswer(answering, '198.18.1.4', asked).toString();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('\r\nContent-Length: 18\r\nX-Real-Server: rs1\r\n');
    expect(text.endsWith('\r\n\r\nrs1 198.18.1.4\nxxx')).toBe(true);
  });

  it('to HEAD has the length and no body', () => {
    const text = formatAnswer(answering, '198.18.1.4', { ...asked, headOnly: true }).toString();
    expect(text).toContain('Content-Length: 18');
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });
});

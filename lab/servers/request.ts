/** What the real server needs to know of an HTTP/1.x request. */
export interface Request {
  /** Bytes of head and body together. */
  bytes: number;
  keepAlive: boolean;
  headOnly: boolean;
  /** From the query; undefined: the server's own. */
  delayMs: number | undefined;
  bodyBytes: number | undefined;
}

const longestHeadBytes = 65_536;

/**
 * The first request in the text (latin1); `partial` while its head is incomplete.
 * @throws {Error} when it is no HTTP/1.x.
 */
export function parseRequest(text: string): Request | 'partial' {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    if (text.length > longestHeadBytes) throw new Error('request head too long');
    return 'partial';
  }
  const head = text.slice(0, headEnd);
  const line = /^([A-Z]+) (\S+) HTTP\/1\.([01])(?:\r\n|$)/.exec(head);
  if (!line) throw new Error('no HTTP/1.x request');
  const [, method, target = '', minor] = line;
  const connection = /\r\nconnection:[ \t]*([^\r]*)/i.exec(head)?.[1]?.toLowerCase() ?? '';
  const bodyBytes = Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(head)?.[1] ?? 0);
  return {
    bytes: headEnd + 4 + bodyBytes,
    keepAlive: minor === '1' ? !connection.includes('close') : connection.includes('keep-alive'),
    headOnly: method === 'HEAD',
    delayMs: queryNumber(target, 'delay'),
    bodyBytes: queryNumber(target, 'bytes'),
  };
}

/** The virtual host and the path that a request is for. */
export function urlOf(request: string): { host: string; path: string } {
  const target = /^\S+ (\S+)/.exec(request)?.[1] ?? '/';
  const absolute = /^\w+:\/\/([^/?]*)(.*)$/.exec(target);
  const named = absolute?.[1] ?? /\r\nhost:[ \t]*([^\r]*)/i.exec(request)?.[1] ?? '';
  const [path = ''] = (absolute?.[2] ?? target).split('?');
  return { host: named.trim().toLowerCase().replace(/:\d+$/, ''), path: path || '/' };
}

function queryNumber(target: string, name: string): number | undefined {
  const found = new RegExp(`[?&]${name}=(\\d{1,9})(?:&|$)`).exec(target)?.[1];
  return found === undefined ? undefined : Number(found);
}

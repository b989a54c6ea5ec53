/** A whole answer of a lab's real server: first line of the body `rsN CIP`. */
export interface HttpReply {
  /** Status 200, and a body that names a server. */
  ok: boolean;
  /** Where it is not 200. */
  status?: number;
  server?: string;
  seenAs?: string;
  bytes: number;
}

/** Longest part of the body that is kept to read its first line. */
const keptBytes = 256;
const longestHeadBytes = 16_384;
const endOfHead = '\r\n\r\n';

/**
 * Parses HTTP/1.1 answers as they arrive, pipelined ones too, without keeping bodies. Knows bodies with a
 * Content-Length and those that end with the connection; the lab's servers send nothing else.
 */
export class HttpParser {
  #head = '';
  #body = '';
  #status = 0;
  #bodyBytes = 0;
  /** Undefined: in the head. Infinity: the body ends with the connection. */
  #expectedBytes: number | undefined;

  /**
   * @returns the answers that this chunk completed
   * @throws when it is no HTTP
   */
  feed(chunk: Buffer): HttpReply[] {
    const replies: HttpReply[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#expectedBytes === undefined) {
        rest = this.#feedHead(rest);
      } else {
        rest = this.#feedBody(rest, this.#expectedBytes);
      }
      if (this.#expectedBytes === this.#bodyBytes) replies.push(this.#take());
    }
    return replies;
  }

  /** The connection ended. @returns the answer that ended with it, if there was one. */
  end(): HttpReply | undefined {
    return this.#expectedBytes === Number.POSITIVE_INFINITY ? this.#take() : undefined;
  }

  #feedHead(chunk: Buffer): Buffer {
    const before = this.#head.length;
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(endOfHead);
    if (end < 0) {
      if (this.#head.length > longestHeadBytes) throw new Error('the head of the answer is too long');
      return chunk.subarray(chunk.length);
    }
    const head = this.#head.slice(0, end);
    this.#status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
    if (!(this.#status >= 100)) throw new Error('the answer is not HTTP');
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    this.#expectedBytes = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
    return chunk.subarray(end + endOfHead.length - before);
  }

  #feedBody(chunk: Buffer, expectedBytes: number): Buffer {
    const part = chunk.subarray(0, Math.min(chunk.length, expectedBytes - this.#bodyBytes));
    if (this.#body.length < keptBytes) this.#body += part.toString('latin1', 0, keptBytes);
    this.#bodyBytes += part.length;
    return chunk.subarray(part.length);
  }

  #take(): HttpReply {
    const [server, seenAs] = (this.#body.split('\n', 1)[0] ?? '').trim().split(/\s+/);
    const reply: HttpReply = {
      ok: this.#status === 200 && Boolean(server),
      ...(this.#status !== 200 && { status: this.#status }),
      ...(this.#status === 200 && server && { server }),
      ...(this.#status === 200 && seenAs && { seenAs }),
      bytes: this.#bodyBytes,
    };
    this.#head = '';
    this.#body = '';
    this.#bodyBytes = 0;
    this.#expectedBytes = undefined;
    return reply;
  }
}

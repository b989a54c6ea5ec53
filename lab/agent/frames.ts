/** The agent's wire format: type (1 byte), id (4 bytes), payload length (4 bytes), payload. */
export interface Frame {
  type: string;
  id: number;
  payload: Buffer;
}

const headerBytes = 9;

/** Several words travel as one payload, with NUL between them. */
export function encodeFrame(type: string, id: number, payload: Uint8Array | string | string[]): Buffer {
  const body = Buffer.from(Array.isArray(payload) ? payload.join('\0') : payload);
  const header = Buffer.alloc(headerBytes);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(id, 1);
  header.writeUInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

/** Cuts a byte stream into frames, wherever its chunks begin and end. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < headerBytes) return;
    let rest = Buffer.concat(this.#chunks, this.#bytes);
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(5);
      if (rest.length < end) break;
      yield {
        type: rest.toString('latin1', 0, 1),
        id: rest.readUInt32BE(1),
        payload: rest.subarray(headerBytes, end),
      };
      rest = rest.subarray(end);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
  }
}

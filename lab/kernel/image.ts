import { open } from 'node:fs/promises';
import { UsageError } from '../../src/util/errors.ts';

/** Documentation/arch/x86/boot.rst: `header` at 0x202, `kernel_version` at 0x20e, counted from 0x200. */
const at = { magic: 0x202, version: 0x20e, base: 0x200 };
const headBytes = 0x10000;

/**
 * The release of an x86 kernel image (bzImage), such as `6.1.0-50-amd64`.
 * @throws {UsageError} when the file is no such image.
 */
export async function releaseOf(path: string): Promise<string> {
  const file = await open(path).catch((cause) => {
    throw new UsageError(`cannot read the kernel ${path}`, { cause });
  });
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    return releaseIn(head.subarray(0, bytesRead)) ?? notAnImage(path);
  } finally {
    await file.close();
  }
}

function notAnImage(path: string): never {
  throw new UsageError(`${path} is not an x86 kernel image (bzImage)`);
}

/** From the first bytes of an image; undefined when they are something else. */
export function releaseIn(head: Buffer): string | undefined {
  if (head.length < 0x210 || head.toString('latin1', at.magic, at.magic + 4) !== 'HdrS') return undefined;
  const start = head.readUInt16LE(at.version) + at.base;
  const text = head.toString('latin1', start, Math.max(start, head.indexOf(0, start)));
  return text.split(' ')[0] || undefined;
}

import { open } from 'node:fs/promises';
import { LabUnavailable } from '../../../src/util/errors.ts';
import { locate } from '../locate.ts';

export const emulator = 'qemu-system-x86_64';

/**
 * The busybox that goes into the first root, where no library is.
 * @throws {LabUnavailable} when there is none, or one that needs libraries.
 */
export async function staticBusybox(): Promise<string> {
  const path = await locate('busybox');
  const hint = 'apt-get install busybox-static';
  if (path === undefined) throw new LabUnavailable('not installed: busybox', { hint });
  if (await isStatic(path)) return path;
  throw new LabUnavailable(`${path} needs libraries, and a guest that is booting has none`, { hint });
}

/** Whether a 64-bit ELF program asks for no interpreter: elf(5), PT_INTERP. */
async function isStatic(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(4096);
    await file.read(head, 0, head.length, 0);
    return !hasInterpreter(head);
  } finally {
    await file.close();
  }
}

/** From the first page of a 64-bit little-endian ELF file. */
export function hasInterpreter(head: Buffer): boolean {
  const [table, size, count] = [
    Number(head.readBigUInt64LE(0x20)),
    head.readUInt16LE(0x36),
    head.readUInt16LE(0x38),
  ];
  return Array.from({ length: count }, (_, index) => table + index * size).some(
    (at) => at + 4 <= head.length && head.readUInt32LE(at) === 3,
  );
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasInterpreter } from './programs.ts';

/** Header of a 64-bit ELF file with program headers of these types right after it. */
function elf(types: number[]): Buffer {
  const head = Buffer.alloc(4096);
  head.writeBigUInt64LE(64n, 0x20);
  head.writeUInt16LE(56, 0x36);
  head.writeUInt16LE(types.length, 0x38);
  types.forEach((type, index) => {
    head.writeUInt32LE(type, 64 + 56 * index);
  });
  return head;
}

it('tells static programs from those that need libraries', () => {
  expect(hasInterpreter(elf([1, 1, 4]))).toBe(false);
  expect(hasInterpreter(elf([6, 3, 1]))).toBe(true);
  expect(hasInterpreter(readFileSync(process.execPath).subarray(0, 4096))).toBe(true);
});

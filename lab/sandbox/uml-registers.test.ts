import { expect, it } from 'vitest';
import { hasWideRegisters, withLibraries } from './uml-registers.ts';

it('knows CPUs with more registers by their flags', () => {
  expect(hasWideRegisters('processor\t: 0\nflags\t\t: fpu sse2 amx_bf16 amx_tile amx_int8\n')).toBe(true);
  expect(hasWideRegisters('processor\t: 0\nflags\t\t: fpu sse2 avx512f\nbugs\t: amx_tile\n')).toBe(false);
});

it('loads what else a kernel gets after it', () => {
  expect(withLibraries('linux.uml', ['/seed.so'])).toEqual([
    'env',
    expect.stringMatching(/^LD_PRELOAD=(\S+uml-registers\.so:)?\/seed\.so$/),
    'linux.uml',
  ]);
});

import { expect, it } from 'vitest';
import { kernelArguments } from './uml-kernel.ts';

const text = (stdin: Parameters<typeof kernelArguments>[2]) =>
  kernelArguments('/run/guest', 2048, stdin).join(' ');

it('keeps the machine read-only and hands init over last', () => {
  expect(text('none')).toMatch(/^mem=2048M .*rootflags=\/ ro /);
  expect(text('none')).toMatch(/ -- --no-new-privs \/run\/guest\/init$/);
});

it('keeps kernel messages off a terminal', () => {
  expect(text('terminal')).toContain('con0=fd:0,fd:1 con1=null,fd:4 console=tty1');
  expect(text('stream')).toContain('console=tty1');
});

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

it('starts virtual time at the same moment whenever it is booted, and only where it is asked for', () => {
  const virtual = kernelArguments('/run/guest', 2048, 'none', 'virtual').join(' ');
  expect(virtual).toMatch(/^time-travel=inf-cpu time-travel-start=1767225600000000000 mem=2048M /);
  expect(text('none')).not.toContain('time-travel');
});

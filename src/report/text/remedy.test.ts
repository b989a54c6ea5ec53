import { expect, it } from 'vitest';
import { remedyMarkdown, remedyParts } from './remedy.ts';

const steps = [
  { on: 'rs1', run: 'sysctl -w a=1' },
  { on: 'rs1', run: 'sysctl -w b=2' },
  { on: 'rs2', run: 'sysctl -w a=1' },
  { on: 'rs2', run: 'ip addr', lead: 'to tell them apart' },
  { advice: 'ask upstream', lead: 'or' },
  { on: 'rs2', run: 'ip route' },
];

it('puts what one host runs next to each other into one text to paste, without the host', () => {
  expect(remedyParts(steps)).toEqual([
    { label: 'on rs1', commands: 'sysctl -w a=1\nsysctl -w b=2' },
    { label: 'on rs2', commands: 'sysctl -w a=1' },
    { label: 'to tell them apart, on rs2', commands: 'ip addr' },
    { label: 'or, ask upstream' },
    { label: 'on rs2', commands: 'ip route' },
  ]);
});

it('has the commands alone in the blocks of Markdown', () => {
  expect(remedyMarkdown(steps.slice(2, 5))).toBe(
    'On rs2:\n\n```sh\nsysctl -w a=1\n```\n\nTo tell them apart, on rs2:\n\n```sh\nip addr\n```\n\nOr, ask upstream.',
  );
});

import { expect, it } from 'vitest';
import { dnsAnswer } from './dns.ts';

/** A question as a resolver writes it; flags: recursion desired. */
const question = (name: string, type: number): Buffer =>
  Buffer.concat([
    Buffer.from('123401000001000000000000', 'hex'),
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0, 0, type, 0, 1]),
  ]);

const known = { rip: '198.18.1.1', names: { 'Shop.example': '198.18.0.100' } };
const answer = (name: string, type: number) => dnsAnswer(question(name, type), 'rs1', known)?.toString('hex');

it.each([
  ['shop.EXAMPLE', 1, '0004c6120064'],
  ['other', 1, '0004c6120101'],
  ['other', 16, '000403727331'],
  ['', 6, /0018c00cc00c00000001/],
])('%s has an answer of type %i', (name, type, data) => {
  const said = answer(name, type) ?? '';
  expect(said).toMatch(/^123485800001000100000000/);
  expect(said).toMatch(data);
  expect(said).toContain(`c00c00${type.toString(16).padStart(2, '0')}000100000001`);
});

it('has no answer of a type that it does not know, and no error', () =>
  expect(answer('x', 28)).toMatch(/^123485800001000000000000/));

it.each(['', 'hello, world', '\x12\x34\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01'])(
  'takes what is no question for none: %j',
  (bytes) => expect(dnsAnswer(Buffer.from(bytes, 'latin1'), 'rs1', known)).toBeUndefined(),
);

import { expect, it } from 'vitest';
import { network6 } from './sticking.ts';

it.each([
  ['fd64:726c:6162:0:9e37:79b9:7f4a:7c15', 68, 'fd64:726c:6162:0:9000::'],
  ['fd64:726c:6162:0:9e37:79b9:7f4a:7c15', 64, 'fd64:726c:6162::'],
  ['fd64:726c:6162:0:9e37:79b9:7f4a:7c15', 128, 'fd64:726c:6162:0:9e37:79b9:7f4a:7c15'],
])('%s/%i is in %s', (address, bits, network) => expect(network6(address, bits)).toBe(network));

import { expect, test } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { sentFrom, unusedSources } from './unused-sources.ts';

const { spec } = await readLab(await findLab('minimal'));

test('unused sources are of the network, and no host has them', () => {
  const sources = unusedSources(spec, 300);
  expect(new Set(sources).size).toBe(300);
  expect(sources.filter((source) => spec.hosts.some(({ ip }) => ip === source))).toEqual([]);
});

test('a network that is too small cannot show it', () => {
  const small = { ...spec, network: { ...spec.network, prefixLength: 29 } };
  expect(() => unusedSources(small, 7)).toThrow(CannotHere);
});

test('frames from an unused source have the MAC of the client and go to the director', () => {
  const [client, directorSpec] = ['client', 'director'].map((role) =>
    spec.hosts.find((one) => one.role === role),
  );
  if (!client || !directorSpec) throw new Error('a lab without hosts');
  expect(sentFrom('198.18.0.9', { client, directorSpec, service: { vip: '198.18.0.100' } })).toEqual({
    srcMac: client.mac,
    dstMac: directorSpec.mac,
    srcIp: '198.18.0.9',
    dstIp: '198.18.0.100',
    device: 'eth0',
  });
});

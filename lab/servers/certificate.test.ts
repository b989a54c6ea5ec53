import { expect, it } from 'vitest';
import { labOf } from '../base/testing/lab-of.ts';
import { speaksTls, subjectNames } from './certificate.ts';

const director = { kind: 'ipvsadm' as const };

it('is for every name and address by which somebody may ask', () => {
  const serves = { https: [443], pages: [{ host: 'shop.example', path: '/', status: 200 }] };
  const spec = labOf({ director, realServers: 1, server: { serves } });
  expect(speaksTls(spec)).toBe(true);
  const names = subjectNames(spec).split(',');
  expect(names).toEqual([...new Set(names)]);
  expect(names).toEqual(
    expect.arrayContaining(['DNS:rs1', 'DNS:shop.example', 'IP:198.18.0.100', 'IP:198.18.1.1']),
  );
});

it('is made where TLS is spoken, and nowhere else', () => expect(speaksTls(labOf({ director }))).toBe(false));

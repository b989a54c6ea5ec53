import { describe, expect, it } from 'vitest';
import { findLab, parseLab, readLab } from '../../model/labfile/index.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../model/spec.ts';
import {
  directorVariants,
  forwardVariants,
  kernelVariants,
  labVariants,
  reducedFor,
  schedulerVariants,
  withForward,
} from './variants.ts';

const { spec } = await readLab(await findLab('default'));
const first = (lab: LabSpec) => lab.services[0] as ServiceSpec;

it('reduced: one service and one director set by hand, and both are told', () => {
  const { spec: reduced, changes } = reducedFor(spec, first(spec), false);
  expect(reduced.services).toEqual([first(spec)]);
  expect(reduced.director).toEqual({ kind: 'ipvsadm' });
  expect(hostsOf(reduced, 'director').map(({ name }) => name)).toEqual(['d1']);
  expect(changes).toEqual([
    'only the service 198.18.0.100:80, of 3',
    'one director set with ipvsadm instead of 2 with keepalived',
  ]);
  expect(reducedFor(spec, first(spec), true).spec.director.kind).toBe('keepalived');
});

it('schedulers: nothing else differs', () => {
  const { spec: reduced } = reducedFor(spec, first(spec), false);
  const [rr, sh] = schedulerVariants(reduced, ['rr', 'sh']);
  expect(rr?.spec).toEqual(reduced);
  expect({ ...sh?.spec, services: [] }).toEqual({ ...reduced, services: [] });
  expect(sh?.spec.services[0]?.scheduler).toBe('sh');
});

describe('forwarding methods', () => {
  const routed = 'clients: [{ via: router }]\nrealServers: 2\n';
  const written = (forward: string) => parseLab(`${routed}services: [{ forward: ${forward} }]`, 'lab.yaml');

  it.each(['dr', 'tun', 'nat'] as const)('to %s is what a lab file with it means', (method) => {
    for (const from of ['dr', 'tun', 'nat']) {
      const changed = withForward(written(from), method);
      const meant = written(method);
      expect(changed.services).toEqual(meant.services);
      expect(changed.hosts).toEqual(meant.hosts);
    }
  });

  it('with nat among them all have their client behind a router; without it none is moved', () => {
    const moved = (lab: LabSpec): LabSpec => ({ ...lab, name: 'routed' });
    const all = forwardVariants(spec, ['dr', 'nat', 'direct'], moved);
    expect(
      all.variants.map(({ name, spec: own, direct }) => [name, own.name, first(own).forward, direct]),
    ).toEqual([
      ['dr', 'routed', 'dr', undefined],
      ['nat', 'routed', 'nat', undefined],
      ['direct', 'routed', 'dr', true],
    ]);
    expect(all.changes.length).toBe(1);
    const none = forwardVariants(spec, ['dr', 'tun'], moved);
    expect(none.changes).toEqual([]);
    expect(none.variants.every(({ spec: own }) => own.name === spec.name)).toBe(true);
  });
});

it('a director that cannot do it is unsupported, with the reason', () => {
  const tunnel = parseLab('services: [{ forward: tun }]', 'lab.yaml');
  expect(directorVariants(tunnel, ['ipvsadm', 'nftables'])).toMatchObject([
    { name: 'ipvsadm' },
    { name: 'nftables', unsupported: expect.stringContaining('forwards by dr only') },
  ]);
});

it('labs are called by their names, numbered where two have the same', () => {
  const lab = (name: string) => ({ file: `${name}.yaml`, spec: { ...spec, name } });
  expect(labVariants([lab('a'), lab('b')]).map(({ name }) => name)).toEqual(['a', 'b']);
  expect(labVariants([lab('a'), lab('a')]).map(({ name }) => name)).toEqual(['a-1', 'a-2']);
});

it('calls kernels by the names of their files, unless two have the same', () => {
  const names = (...kernels: string[]) => kernelVariants(spec, kernels).map(({ name }) => name);
  expect(names('6.1', '/boot/vmlinuz-6.12')).toEqual(['6.1', 'vmlinuz-6.12']);
  expect(names('/a/linux', '/b/linux')).toEqual(['/a/linux', '/b/linux']);
});

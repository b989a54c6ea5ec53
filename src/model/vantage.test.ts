import { describe, expect, it } from 'vitest';
import { parseLab } from './labfile/index.ts';
import type { LabSpec } from './spec.ts';
import { clientKinds, serviceKinds, type Vantages, vantagesOf } from './vantage.ts';

const lab = (clients: string, services: string): LabSpec =>
  parseLab(`clients: ${clients}\nservices:\n${services}`, 'lab.yaml');

const tcp = (vip: string, port = 80, more = ''): string => `  - { vip: ${vip}, port: ${port}${more} }\n`;
const [a, b, c] = ['198.18.0.100', '198.18.0.101', '198.18.0.102'];
const both = '[{ name: c1 }, { name: c2, via: router }]';
const everywhere: Vantages = { clients: true, services: { protocol: 'tcp' } };

const from = (spec: LabSpec, wanted?: Vantages): string[] => vantagesOf(spec, wanted).map((one) => one.from);

describe('kinds', () => {
  const spec = lab(
    '[{ name: c1, via: router }, { name: c2 }, { name: c3, via: router }, { name: c4 }]',
    tcp(a) + tcp(a, 81) + tcp(b) + tcp(a, 53, ', protocol: udp'),
  );

  it('of clients: the first on the segment and the first behind the router, in their order', () => {
    expect(clientKinds(spec).map(({ name }) => name)).toEqual(['c1', 'c2']);
  });

  it('of services: one of each protocol and VIP', () => {
    const kinds = serviceKinds(spec.services).map(({ protocol, vip, port }) => `${protocol} ${vip} ${port}`);
    expect(kinds).toEqual([`tcp ${a} 80`, `tcp ${b} 80`, `udp ${a} 53`]);
  });
});

describe('the views of a lab', () => {
  it('are one, the lab itself, where it has one kind of client and of service', () => {
    const spec = lab('3', tcp(a) + tcp(a, 81));
    const views = vantagesOf(spec, everywhere);
    expect(views).toHaveLength(1);
    expect(views[0].spec).toBe(spec);
  });

  it('are one for a check that looks once, or says nothing', () => {
    const spec = lab(both, tcp(a) + tcp(b));
    expect(from(spec, { once: 'it says why' })).toEqual(['c1']);
    expect(from(spec)).toEqual(['c1']);
  });

  it('name the client, what is in front of it, and the service where there are several', () => {
    const spec = lab(both, tcp(a) + tcp(b));
    expect(from(spec, { clients: true })).toEqual(['c1', 'c2, behind router']);
    expect(from(spec, everywhere)).toEqual([
      `c1, to tcp ${a}:80`,
      `c2, behind router, to tcp ${a}:80`,
      `c1, to tcp ${b}:80`,
    ]);
  });

  it('have their client and their service first, and leave the lab as it was', () => {
    const spec = lab(both, tcp(a) + tcp(b));
    const before = structuredClone(spec);
    const [, routed, other] = vantagesOf(spec, everywhere);
    expect(routed?.spec.hosts[0]?.name).toBe('c2');
    expect(routed?.spec.services).toEqual(spec.services);
    expect(other?.spec.services.map(({ vip }) => vip)).toEqual([b, a]);
    expect(other?.spec.hosts.find(({ role }) => role === 'client')?.name).toBe('c1');
    expect(routed?.spec.hosts).toHaveLength(spec.hosts.length);
    expect(spec).toEqual(before);
  });

  it('are of services that the check can be about, and never the same one twice', () => {
    const services = tcp(a, 53, ', protocol: udp') + tcp(a) + tcp(b, 80, ', scheduler: wrr');
    const spec = lab('1', services);
    expect(from(spec, { services: { protocol: 'udp' } })).toEqual(['c1']);
    expect(from(spec, { services: { protocol: 'tcp', scheduler: 'wrr' } })).toEqual(['c1']);
    expect(from(spec, { services: { protocol: 'tcp' } })).toHaveLength(2);
  });

  it('are a sum of kinds, however many hosts there are', () => {
    const clients = Array.from({ length: 20 }, (_, i) => `{ name: c${i}${i % 2 ? ', via: router' : ''} }`);
    const ports = [a, b, c].flatMap((vip) => [80, 81, 82, 83].map((port) => tcp(vip, port)));
    expect(from(lab(`[${clients.join(', ')}]`, ports.join('')), everywhere)).toHaveLength(1 + 1 + 2);
  });
});

import { expect, it } from 'vitest';
import { hexEndpoint, settleScript } from './settle.ts';
import { labOf } from './testing/lab-of.ts';

it('writes endpoints as /proc/net/ip_vs does', () => {
  expect(hexEndpoint('198.18.0.100', 80)).toBe('C6120064:0050');
});

it('waits for the real servers that get new connections, and for nobody else', () => {
  const spec = labOf({ director: { kind: 'ipvsadm' }, realServers: 2 });
  const drained = structuredClone(spec.services);
  for (const service of drained)
    service.realServers = [
      { name: 'rs1', weight: 1 },
      { name: 'rs2', weight: 0 },
    ];
  const script = settleScript(spec, { vips: ['198.18.0.100'], ipvsServices: drained, withinMs: 5000 });
  expect(script).toContain("vip:198.18.0.100 'rule:TCP/C6120064:0050>C6120101:0050';");
  expect(script).not.toContain('C6120102');
});

it('does not settle while a stand-by holds a VIP', () => {
  const spec = labOf({ director: { kind: 'ipvsadm' } });
  const script = settleScript(spec, { vips: [], ipvsServices: [], withinMs: 5000 });
  expect(script).toContain(
    'for word in vip:198.18.0.100; do case "$seen" in *" $word "*) lacking="$lacking has',
  );
});

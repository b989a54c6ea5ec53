import { describe, expect, it } from 'vitest';
import { type HostSpec, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { labOf } from '../base/testing/lab-of.ts';
import { activeDirector, directors } from './index.ts';
import { ipvsRules } from './ipvsadm.ts';
import { keepalivedConf } from './keepalivedConf.ts';
import { nftRuleset } from './nftables.ts';

const vrrp = {
  version: 3 as const,
  virtualRouterId: 51,
  advertMs: 250,
  priorities: [100, 150],
  preempt: true,
};
const healthCheck = { intervalMs: 500, timeoutMs: 750, retries: 2 };
const director = (spec: LabSpec, name: string): HostSpec => hostSpec(spec, name);

describe('the active director', () => {
  it('is the one of highest priority', () => {
    expect(activeDirector(labOf({ director: { kind: 'keepalived', vrrp }, directors: 2 }))?.name).toBe(
      'dir2',
    );
  });

  it('is the first where there is no VRRP, or the priorities are equal', () => {
    expect(activeDirector(labOf({ director: { kind: 'ipvsadm' }, directors: 2 }))?.name).toBe('dir1');
    const equal = { ...vrrp, priorities: [100, 100] };
    expect(activeDirector(labOf({ director: { kind: 'keepalived', vrrp: equal }, directors: 2 }))?.name).toBe(
      'dir1',
    );
  });
});

it('ipvsadm: writes rules as ipvsadm -S does', () => {
  const services = [{ persistenceS: 300 }, { protocol: 'udp' as const, port: 53, forward: 'tun' as const }];
  expect(ipvsRules(labOf({ director: { kind: 'ipvsadm' }, realServers: 1, services }))).toBe(
    `-A -t 198.18.0.100:80 -s rr -p 300
-a -t 198.18.0.100:80 -r 198.18.1.1:80 -g -w 1
-A -u 198.18.0.100:53 -s rr
-a -u 198.18.0.100:53 -r 198.18.1.1:53 -i -w 1
`,
  );
});

it.each(['ipvsadm', 'nftables'] as const)('%s: configures only the first director', (kind) => {
  const spec = labOf({ director: { kind }, directors: 2 });
  expect(directors[kind].configs(spec, director(spec, 'dir1'))).toHaveLength(2);
  expect(directors[kind].configs(spec, director(spec, 'dir2'))).toEqual([]);
  expect(directors[kind].holds(spec, director(spec, 'dir2')).vips).toEqual([]);
});

describe('nftables', () => {
  const spec = labOf({ director: { kind: 'nftables' }, realServers: 2 });
  const ruleset = (change: (copy: LabSpec) => void) => {
    const copy = structuredClone(spec);
    change(copy);
    return nftRuleset(copy, director(copy, 'dir1'));
  };

  it('gives a real server as many slots as its weight', () => {
    const text = ruleset((copy) => {
      for (const { realServers } of copy.services)
        for (const server of realServers.slice(1)) server.weight = 2;
    });
    expect(text).toContain(
      'jhash ip saddr . tcp sport mod 3 seed 0x5eed map { 0 : 02:00:00:00:00:01, 1 : 02:00:00:00:00:02, 2 : 02:00:00:00:00:02 }',
    );
  });

  it('leaves out a service without a real server to send to', () => {
    const text = ruleset((copy) => {
      for (const service of copy.services) for (const server of service.realServers) server.weight = 0;
    });
    expect(text).not.toContain('dport');
  });
});

describe('keepalived.conf', () => {
  const spec = labOf({ director: { kind: 'keepalived', vrrp, healthCheck }, directors: 2, realServers: 1 });

  it('is complete', () => {
    expect(keepalivedConf(spec, director(spec, 'dir2'))).toBe(`global_defs {
    router_id dir2
    script_user root
}

vrrp_instance drlab {
    state MASTER
    interface eth0
    version 3
    virtual_router_id 51
    priority 150
    advert_int 0.25
    virtual_ipaddress {
        198.18.0.100/32 dev eth0
    }
}

virtual_server 198.18.0.100 80 {
    delay_loop 0.5
    lvs_sched rr
    lvs_method DR
    protocol TCP
    real_server 198.18.1.1 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 0.75
            retry 2
            delay_before_retry 0.5
            warmup 0
        }
    }
}
`);
  });

  it('refreshes what neighbours know, where it is to', () => {
    const refreshing = structuredClone(spec);
    refreshing.director.vrrp = { ...vrrp, garpRefreshS: 60 };
    expect(keepalivedConf(refreshing, director(refreshing, 'dir2'))).toContain(
      '    garp_master_refresh 60\n',
    );
  });

  it('starts everyone as BACKUP where nobody may preempt', () => {
    const meek = structuredClone(spec);
    meek.director.vrrp = { ...vrrp, preempt: false };
    const text = keepalivedConf(meek, director(meek, 'dir2'));
    expect(text).toContain('    state BACKUP\n');
    expect(text).toContain('    nopreempt\n');
  });

  it('expects an answer from UDP real servers', () => {
    const udp = labOf({ director: spec.director, services: [{ protocol: 'udp' }] });
    expect(keepalivedConf(udp, director(udp, 'dir1'))).toMatch(/UDP_CHECK \{\n +require_reply\n/);
  });

  it('without VRRP the VIP stays on the first director', () => {
    const alone = labOf({ director: { kind: 'keepalived' }, directors: 2 });
    const texts = (name: string) =>
      directors.keepalived.configs(alone, director(alone, name)).map((c) => c.name);
    expect(texts('dir1')).toEqual(['ip -batch (VIPs)', 'keepalived.conf']);
    expect(texts('dir2')).toEqual(['keepalived.conf']);
  });
});

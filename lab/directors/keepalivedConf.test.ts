import { describe, expect, it } from 'vitest';
import { parseLab } from '../../src/model/labfile/index.ts';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { activeDirector, directors } from './index.ts';
import { keepalivedConf } from './keepalivedConf.ts';

/** The exact configuration of keepalived. */

const lab = (text: string): LabSpec => parseLab(text, 'lab.yaml');
const conf = (text: string, name: string): string => {
  const spec = lab(text);
  return keepalivedConf(spec, hostSpec(spec, name));
};
/** The text of the blocks with this head. */
const blockOf = (text: string, head: string): string =>
  text.split('\n\n').find((block) => block.startsWith(`${head} {`)) ?? '';

describe('VRRP in keepalived.conf', () => {
  const text = `
directors:
  count: 2
  with: keepalived
  vrrp:
    version: 3
    advert: 100ms
    preemptDelay: 5s
    unicast: true
    trackInterfaces: [{ device: eth0 }, { device: eth1, weight: -20 }]
    trackScripts: [{ name: alive, script: test -e /run/alive, interval: 2s, weight: -60, fall: 3 }]
    garp: { delay: 1s, repeat: 3, refresh: 10s, refreshRepeat: 2 }
  sync: { id: 9 }`;

  it('is complete', () => {
    const written = conf(text, 'd1');
    expect(blockOf(written, 'global_defs')).toBe(`global_defs {
    router_id d1
    script_user root
    lvs_sync_daemon eth0 inst drlab id 9
}`);
    expect(blockOf(written, 'vrrp_script alive')).toBe(`vrrp_script alive {
    script "/bin/sh -c 'test -e /run/alive'"
    interval 2
    timeout 1
    rise 1
    fall 3
    weight -60
}`);
    expect(blockOf(written, 'vrrp_instance drlab')).toBe(`vrrp_instance drlab {
    state MASTER
    interface eth0
    version 3
    virtual_router_id 51
    priority 150
    advert_int 0.1
    unicast_src_ip 198.18.0.10
    unicast_peer {
        198.18.0.11
    }
    preempt_delay 5
    garp_master_delay 1
    garp_master_repeat 3
    garp_master_refresh 10
    garp_master_refresh_repeat 2
    track_interface {
        eth0
        eth1 weight -20
    }
    track_script {
        alive
    }
    virtual_ipaddress {
        198.18.0.100/32 dev eth0
    }
}`);
  });

  const both = `
directors:
  count: 2
  with: keepalived
  vrrp: { virtualMac: true, syncGroup: true, instances: [{ name: web, vips: [198.18.0.100] }, { vips: [198.18.0.101] }] }
services: [{ vip: 198.18.0.100 }, { vip: 198.18.0.101 }]`;

  it('with several instances makes each director active for one', () => {
    const spec = lab(both);
    expect(
      spec.director.vrrp?.instances?.map(({ virtualRouterId, priorities }) => [virtualRouterId, priorities]),
    ).toEqual([
      [51, [150, 100]],
      [52, [100, 150]],
    ]);
    const holds = (name: string) => directors.keepalived.holds(spec, hostSpec(spec, name)).vips;
    expect([holds('d1'), holds('d2')]).toEqual([['198.18.0.100'], ['198.18.0.101']]);
    expect(activeDirector(spec)?.name).toBe('d1');
  });

  it('with a virtual MAC has the VIPs on an interface of its own', () => {
    const written = conf(both, 'd2');
    expect(blockOf(written, 'vrrp_sync_group drlab')).toBe(`vrrp_sync_group drlab {
    group {
        web
        VI_2
    }
}`);
    expect(blockOf(written, 'vrrp_instance VI_2')).toBe(`vrrp_instance VI_2 {
    state MASTER
    interface eth0
    use_vmac vrrp.52
    version 2
    virtual_router_id 52
    priority 150
    advert_int 1
    virtual_ipaddress {
        198.18.0.101/32
    }
}`);
    expect(blockOf(written, 'vrrp_instance web')).toContain('state BACKUP');
  });

  it('with unicast and a virtual MAC talks on the interface below', () => {
    expect(
      conf('directors: { count: 2, with: keepalived, vrrp: { unicast: true, virtualMac: true } }', 'd1'),
    ).toContain('    use_vmac vrrp.51\n    vmac_xmit_base\n');
  });
});

describe('health checks in keepalived.conf', () => {
  const virtualServer = (directors: string, service: string) =>
    blockOf(
      conf(`directors: { with: keepalived, ${directors} }\nrealServers: 2\nservices: [{ ${service} }]`, 'd1'),
      'virtual_server 198.18.0.100 80',
    );

  it('ask for a page, and know what to do without real servers', () => {
    expect(
      virtualServer(
        'healthCheck: { check: http, path: /health, status: 200, receive: ^rs, retryDelay: 200ms, retries: 3 }',
        'realServers: [rs1], sorryServer: rs2, inhibitOnFailure: true, alpha: true, omega: true, quorum: { hysteresis: 1, up: touch /run/up, down: touch /run/down }',
      ),
    ).toBe(`virtual_server 198.18.0.100 80 {
    delay_loop 1
    lvs_sched rr
    lvs_method DR
    protocol TCP
    alpha
    omega
    quorum 1
    hysteresis 1
    quorum_up "/bin/sh -c 'touch /run/up'"
    quorum_down "/bin/sh -c 'touch /run/down'"
    sorry_server 198.18.1.2 80
    real_server 198.18.1.1 80 {
        weight 1
        inhibit_on_failure
        HTTP_GET {
            url {
                path /health
                status_code 200
                regex "^rs"
            }
            connect_timeout 1
            retry 3
            delay_before_retry 0.2
            warmup 0
        }
    }
}
`);
  });

  it('compare the page with a sum', () => {
    const digest = '9b3a0c85a887a256d6939da88aabd8cd';
    expect(virtualServer(`healthCheck: { check: http, digest: ${digest} }`, 'port: 80')).toContain(
      `            url {\n                path /\n                digest ${digest}\n            }\n`,
    );
  });

  it('run a command for each real server', () => {
    expect(
      virtualServer(
        'healthCheck: { check: misc, script: "probe {rip} {port}", timeout: 1500ms }',
        'realServers: [rs2]',
      ),
    ).toContain(`        MISC_CHECK {
            misc_path "/bin/sh -c 'probe 198.18.1.2 80'"
            misc_timeout 2
            retry 1
            delay_before_retry 1
            warmup 0
        }
`);
  });

  it('differ from service to service', () => {
    const text = conf(
      `directors: { with: keepalived, healthCheck: { interval: 5s, retries: 4 } }
services: [{ port: 80, healthCheck: { check: http } }, { port: 81, healthCheck: false }]`,
      'd1',
    );
    expect(blockOf(text, 'virtual_server 198.18.0.100 80')).toMatch(/delay_loop 5\n.*HTTP_GET.*retry 4\n/s);
    expect(blockOf(text, 'virtual_server 198.18.0.100 81')).not.toMatch(/delay_loop|CHECK/);
  });
});

describe('IPv6 in keepalived.conf', () => {
  const dual = (more: string) => `
network: { subnet6: "2001:db8::/64" }
directors: { count: 2, with: keepalived, vrrp: { unicast: true${more} } }
services: [{ vips: [198.18.0.100, "2001:db8::100"] }]`;

  it('has real servers of the VIP’s family', () => {
    const written = conf(dual(''), 'd1');
    expect(blockOf(written, 'virtual_server 2001:db8::100 80')).toContain(
      'real_server 2001:db8::198:18:1:1 80 {',
    );
    expect(blockOf(written, 'virtual_server 198.18.0.100 80')).toContain('real_server 198.18.1.1 80 {');
  });

  it('moves IPv6 VIPs with the others as excluded addresses, since an instance is of one family', () => {
    const instance = blockOf(conf(dual(''), 'd1'), 'vrrp_instance drlab');
    expect(instance).toContain('version 2\n');
    expect(instance).toMatch(/virtual_ipaddress \{\s+198.18.0.100\/32 dev eth0\s+\}/);
    expect(instance).toMatch(/virtual_ipaddress_excluded \{\s+2001:db8::100\/128 dev eth0\s+\}/);
  });

  it('gives an instance over IPv6 version 3, a link-local address first, and peers of its family', () => {
    const written = conf(
      dual(', instances: [{ name: four, vips: [198.18.0.100] }, { name: six, vips: ["2001:db8::100"] }]'),
      'd2',
    );
    const six = blockOf(written, 'vrrp_instance six');
    expect(six).toContain('version 3\n    native_ipv6\n');
    expect(six).toMatch(/virtual_ipaddress \{\s+fe80::5e:34\/64 dev eth0\s+2001:db8::100\/128 dev eth0\s+\}/);
    expect(six).toMatch(
      /unicast_src_ip 2001:db8::198:18:0:11\s+unicast_peer \{\s+2001:db8::198:18:0:10\s+\}/,
    );
    expect(blockOf(written, 'vrrp_instance four')).not.toContain('native_ipv6');
  });
});

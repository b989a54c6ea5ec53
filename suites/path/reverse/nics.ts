import { type HostSpec, hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { type Change, clientBehindRouter, oneIpvsDirector, stage } from '../../common/stages.ts';

/*
 *   client ──▶ router ──▶ director ──▶ eth0 of a real server
 *      ◀────────── the client's own network ────── eth1      the way back leaves by another interface
 */

/** The n-th real server gets `eth1` in the network of a client behind a router, which the lab gets if it has none. */
export const secondInterface =
  (n: number): Change =>
  (spec) => {
    const routed = clientBehindRouter(spec);
    const server = hostsOf(routed, 'realServer')[n];
    const outside = hostsOf(routed, 'router')[0]?.outside;
    if (!server || !outside) throw new NotInLab(`lab «${spec.name}» has fewer than ${n + 1} real servers`);
    const second = {
      ...outside,
      ip: outside.ip.replace(/\d+$/, String(21 + n)),
      mac: `02:0e:00:00:fe:${(0x15 + n).toString(16)}`,
    };
    return withHost(routed, server.name, (host) => ({ ...host, outside: second }));
  };

/** Settings of the n-th real server; the kernel uses the larger of `all` and the interface. */
export const reversePathFilter =
  (n: number, { all, eth0 }: { all: 0 | 1 | 2; eth0: 0 | 1 | 2 }): Change =>
  (spec) =>
    withHost(spec, hostsOf(spec, 'realServer')[n]?.name, (host) => ({
      ...host,
      sysctls: {
        ...host.sysctls,
        'net.ipv4.conf.all.rp_filter': String(all),
        'net.ipv4.conf.eth0.rp_filter': String(eth0),
      },
    }));

const withHost = (
  spec: LabSpec,
  name: string | undefined,
  change: (host: HostSpec) => HostSpec,
): LabSpec => ({
  ...spec,
  hosts: spec.hosts.map((host) => (host.name === name ? change(host) : host)),
});

export const twoNics = stage(
  'two-nics',
  'one director set with ipvsadm, the client behind a router; the first real server has a second interface to the client and filters loosely, the second one has one interface and filters strictly',
  oneIpvsDirector,
  secondInterface(0),
  reversePathFilter(0, { all: 2, eth0: 1 }),
  reversePathFilter(1, { all: 0, eth0: 1 }),
);

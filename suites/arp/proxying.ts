import { check } from '../../src/model/check.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { ask } from '../../src/probe/asking.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, on } from '../common/remedy.ts';
import { list, nameOfMac, serviceOf } from '../common/subjects.ts';
import { loose } from './loose.ts';

interface Proxied {
  vip: string;
  /** MACs that answered for the VIP, without and with proxy_arp on the router. */
  without: string[];
  with: string[];
  /** Who answered for an address behind the router then: shows that proxying was really on. */
  control: string[];
}

const lanClient = (spec: LabSpec): HostSpec =>
  hostsOf(spec, 'client').find(({ segment }) => segment === 'lan') as HostSpec;

/** Linux arp.c, arp_fwd_proxy(): a router proxies only for what it routes out of another interface. */
export const proxyArpIsNoFix = check<Proxied>({
  id: 'ARP-14',
  suite: 'arp',
  level: 'should',
  title: 'proxy ARP on the router changes nothing for a VIP on the segment',
  requirement:
    'With proxy_arp on the router the same hosts answer for the VIP as without: the router does not answer in place of the director, and real servers are not silenced.',
  source: 'RFC 1027; Linux ip-sysctl.rst (proxy_arp), arp_fwd_proxy()',
  needs: ['inject', 'director', 'directClient', 'routedClient'],
  stage: loose,
  mutants: [
    {
      id: 'vip-behind-the-router',
      breaks: 'the router has a route for the VIP out of its other interface, so that it proxies for it',
      change: (spec) => {
        const changed = structuredClone(spec);
        changed.hooks.afterApply.push(
          `ip -n ${hostsOf(spec, 'router')[0]?.name} route add ${serviceOf(spec, 'tcp').vip}/32 dev eth1`,
        );
        return changed;
      },
      reason: /with it .*r1/,
    },
  ],
  async observe({ lab }) {
    const { spec } = lab;
    const { vip } = serviceOf(spec, 'tcp');
    const client = lanClient(spec);
    const [router] = hostsOf(spec, 'router');
    const outside = hostsOf(spec, 'client').find(({ segment }) => segment === 'outside');
    if (!router || !outside) throw new Error('stage «loose» without a router');
    const requester = { device: deviceOf(client), mac: client.mac, ip: client.ip };
    const answering = async (...ips: string[]) => (await ask(lab.host(client.name), requester, ips)).repliers;
    const of = (all: { ip: string; mac: string }[], ip: string) =>
      all.filter((one) => one.ip === ip).map(({ mac }) => mac);
    const set = (value: 0 | 1) =>
      lab.host(router.name).exec(`echo ${value} > /proc/sys/net/ipv4/conf/${deviceOf(router)}/proxy_arp`);
    const without = of(await answering(vip), vip);
    await set(1);
    try {
      // A proxy waits up to 0.8 s (proxy_delay), by chance.
      const slow = await ask(lab.host(client.name), requester, [vip, outside.ip], { quietMs: 1_000 });
      return { vip, without, with: of(slow.repliers, vip), control: of(slow.repliers, outside.ip) };
    } finally {
      await set(0);
      await lab.host(client.name).exec('ip -4 neigh flush all');
    }
  },
  judge({ vip, without, with: proxied, control }, { spec }) {
    const name = (macs: string[]) => list(macs.map((mac) => nameOfMac(spec, mac)));
    const expected = `the same hosts answer for ${vip} without and with proxy_arp on the router`;
    const seen = `without it ${name(without)}, with it ${name(proxied)}`;
    if (without.length === 0 || control.length === 0)
      return inconclusive(expected, `${seen}; ${name(control)} proxied for an address behind the router`);
    const same = [...without].sort().join() === [...proxied].sort().join();
    if (same) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the router answers with its own MAC, not the director’s, since it routes the VIP elsewhere',
      remedy: on(everyHost(spec, 'router'), 'sysctl -w net.ipv4.conf.all.proxy_arp=0', `ip route get ${vip}`),
    });
  },
});

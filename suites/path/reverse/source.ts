import { check } from '../../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../../src/model/spec.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onFirstServer } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientOf, hostOfMac, list } from '../../common/subjects.ts';
import { everyClient } from '../../common/vantages.ts';

interface Sources {
  /** Where each real server's own datagrams said they come from. */
  servers: { name: string; rip: string; sources: string[] }[];
}

const port = 46_400;

/** RFC 6724 in spirit; Linux fib_info_update_nhc_saddr() and the primary address of the interface. */
export const ownTrafficUsesRip = check<Sources>({
  id: 'RP-07',
  suite: 'path',
  level: 'should',
  title: 'connections that a real server opens come from its RIP',
  requirement:
    'Datagrams that a real server sends of its own accord carry the RIP as source, never the VIP, whose answers would go to the director.',
  source: 'ip(7), ip-route(8) src; LVS-HOWTO, LVS-DR',
  needs: ['capture', 'director'],
  vantages: everyClient,
  mutants: [
    {
      id: 'route-prefers-vip',
      breaks: 'the route of one real server names the VIP as preferred source',
      change: onFirstServer(
        ({ network, ...spec }) =>
          `ip route replace ${network.base}/${network.prefixLength} dev eth0 scope link src ${vipsOf({ network, ...spec })[0]}`,
      ),
      reason: /rs1 .*the VIP/,
    },
  ],
  async observe({ lab, evidence }) {
    const { spec } = lab;
    const servers = hostsOf(spec, 'realServer').slice(0, 16);
    const to = [clientOf(spec), ...hostsOf(spec, 'director')].map((host) => host.ip);
    const capture = await lab.capture({ filter: `udp dst port ${port}` });
    await Promise.all(servers.map(({ name }) => runProgram(lab.host(name), 'own-datagrams', [port, ...to])));
    const pcap = await capture.stop();
    await evidence.save('own.pcap', pcap);
    const frames = decodePcap(pcap);
    return {
      servers: servers.map(({ name, ip }) => {
        const own = frames.filter((frame) => hostOfMac(spec, frame.src)?.name === name);
        return { name, rip: ip, sources: [...new Set(own.map((frame) => frame.ip?.src ?? ''))] };
      }),
    };
  },
  judge({ servers }, { spec }) {
    const expected = 'each real server uses its RIP';
    const wrong = servers.filter((one) => one.sources.some((source) => source !== one.rip));
    const [first] = wrong;
    if (first) {
      const vip = first.sources.find((source) => vipsOf(spec).includes(source));
      return fail(expected, wrong.map((one) => `${one.name} sends from ${list(one.sources)}`).join('; '), {
        cause: vip
          ? `${first.name} prefers the VIP as source: by a route with src, or as the first address of its interface`
          : `${first.name} has another address in front of its RIP`,
        remedy: [
          ...on(first.name, 'ip route show', 'ip addr show'),
          ...advice(`no route of ${first.name} has a src but its own address, and the VIP is on lo`),
        ],
      });
    }
    const silent = servers.filter((one) => one.sources.length === 0);
    if (silent.length > 0 || servers.length === 0)
      return inconclusive(expected, `nothing seen of ${list(silent.map((one) => one.name))}`);
    return pass(expected, `${servers.length} of ${servers.length} do`);
  },
});

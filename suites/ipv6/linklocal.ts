import { check } from '../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector, addressesOf } from '../../src/probe/neighbour.ts';
import { endpoint } from '../../src/util/ipv6.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { advice, on } from '../common/remedy.ts';
import { address6, onStage6 } from './stage.ts';

interface LinkLocal {
  director: string;
  realServer: string;
  address: string;
  /** Whether IPVS took it as a real server, and the address of the prefix. */
  taken: { linkLocal: boolean; global: boolean };
  said: string;
  /** RIPs of the lab's own rules. */
  rips: string[];
}

const scratchPort = 9;
const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address);

/** Linux ip_vs_ctl.c, ip_vs_new_dest(): link-local is refused unless it is the director's own. */
export const linkLocalRefused = check<LinkLocal>({
  ...onStage6,
  id: 'ND-06',
  level: 'should',
  title: 'no real server is known by a link-local address',
  requirement:
    'IPVS refuses a link-local address as a real server: it would be ambiguous without its interface.',
  source: 'RFC 4007 §6; Linux ip_vs_new_dest()',
  needs: ['director', 'ipvs', 'settableDirector'],
  mutants: [
    {
      id: 'own-link-local',
      breaks: 'the link-local address of a real server is an address of the director too',
      change: afterApply((spec) => {
        const [server, director] = [hostsOf(spec, 'realServer')[0], hostsOf(spec, 'director')[0]];
        return `address=$(ip -n ${server?.name} -6 -o addr show dev eth0 scope link | awk '{ print $4 }')
ip -n ${director?.name} -6 addr add "\${address%/*}/128" dev lo nodad`;
      }),
      reason: /took fe80.*address of d1 itself/,
    },
  ],
  async observe({ lab, evidence }) {
    const vip = vipsOf(lab.spec)[0] ?? '';
    const director = await activeDirector(lab, vip);
    const host = lab.host(director);
    const server = hostsOf(lab.spec, 'realServer')[0];
    const found = (await addressesOf(lab.host(server?.name ?? ''), 6)).find(
      (one) => one.device === 'eth0' && isLinkLocal(one.address),
    );
    const address = found?.address ?? '';
    const service = `-t ${endpoint(vip, scratchPort)}`;
    const add = async (rip: string) =>
      host.exec(`exec ipvsadm -a ${service} -r ${endpoint(rip, scratchPort)} -g`, {
        okCodes: [0, 1, 2, 255],
      });
    await host.exec(`exec ipvsadm -A ${service} -s rr`);
    try {
      const linkLocal = await add(address);
      const global = await add(server ? address6(server) : '');
      await evidence.save('ipvs.txt', await ipvs.text(host));
      return {
        director,
        realServer: server?.name ?? '',
        address,
        taken: { linkLocal: linkLocal.code === 0, global: global.code === 0 },
        said: linkLocal.stderr.trim(),
        rips: (await ipvs.rules(host)).flatMap((rule) =>
          rule.port === scratchPort ? [] : rule.realServers.map(({ ip }) => ip),
        ),
      };
    } finally {
      await host.exec(`exec ipvsadm -D ${service}`);
    }
  },
  judge({ director, realServer, address, taken, said, rips }) {
    const expected = `${director} refuses ${address || 'a link-local address'} as a real server, and takes one of the prefix`;
    if (address === '') return inconclusive(expected, `${realServer} has no link-local address`);
    if (!taken.global)
      return inconclusive(expected, `${director} refused the address of the prefix too: ${said}`);
    const used = rips.find(isLinkLocal);
    if (used !== undefined)
      return fail(expected, `the rules of ${director} have the link-local real server ${used}`, {
        cause: `${used} is an address of ${director} itself, so packets for it stay there`,
        remedy: [
          ...on(director, 'ipvsadm -Ln'),
          ...advice(`take ${used} out, and add the real server by an address of the segment`),
        ],
      });
    if (taken.linkLocal)
      return fail(expected, `${director} took ${address} of ${realServer} as a real server`, {
        cause: `it is an address of ${director} itself, so packets for it would stay there`,
        remedy: on(director, `ip -6 addr del ${address}/128 dev lo`),
      });
    return pass(expected, `${director} refused ${address} of ${realServer}: ${said}`);
  },
});

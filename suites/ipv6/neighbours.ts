import { check, type Evidence, type Mutant } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { addressesOf, holdersOf } from '../../src/probe/neighbour.ts';
import { whoHas6 } from '../../src/probe/solicit.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import type { Why } from '../common/looking/look.ts';
import { firstServer, onFirstServer, sysctls } from '../common/mutate.ts';
import { advice, deviceAt, everyHost, hostsWithMacs, on } from '../common/remedy.ts';
import { hostOfMac, hostOnSegment6, list, nameOfMac } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { onStage6 } from './stage.ts';

/*
 *   client ──who has VIP6? (multicast)──▶ ┬─ director (VIP6 on eth0)  answers, alone
 *          ──who has VIP6? (to rsN)─────▶ └─ rsN      (VIP6 on lo)    silent: a target is looked up on the device
 *                                                                    that the question came in by
 */

interface Asked {
  vip: string;
  asked: number;
  unheard: string[];
  repliers: string[];
  holders: string[];
  /** Of the real servers that answered: where they have the VIP, and whether they answer for others. */
  settings: { host: string; vipDevices: string[]; proxies: boolean }[];
}

async function askForVip(lab: Lab, evidence: Evidence): Promise<Asked> {
  const vip = vipsOf(lab.spec)[0] ?? '';
  const servers = hostsOf(lab.spec, 'realServer');
  const seen = await whoHas6(lab, hostOnSegment6(lab.spec).name, vip, servers);
  await evidence.save('who-has-vip.pcap', seen.pcap);
  const repliers = [...new Set(seen.replies.map((reply) => reply.mac))].sort();
  const offenders = servers.filter((host) => repliers.includes(host.mac));
  const settings = await Promise.all(offenders.map(({ name }) => settingsOf(lab, name, vip)));
  return {
    vip,
    asked: seen.asked,
    unheard: seen.unheard,
    repliers,
    holders: await holdersOf(lab, vip),
    settings,
  };
}

async function settingsOf(lab: Lab, name: string, vip: string): Promise<Asked['settings'][number]> {
  const addresses = await addressesOf(lab.host(name), 6);
  const proxies = await lab.host(name).exec('ip -6 neigh show proxy');
  return {
    host: name,
    vipDevices: addresses.filter((one) => one.address === vip).map((one) => one.device),
    proxies: proxies.stdout.includes(`${vip} `),
  };
}

function judge(seen: Asked, spec: LabSpec) {
  const { vip, repliers, unheard } = seen;
  const expected = `only ${list(seen.holders)} answers for ${vip}`;
  if (seen.asked === 0) return inconclusive(expected, 'no solicitation of ours was seen on the wire');
  const said = `${list(repliers.map((mac) => nameOfMac(spec, mac)))} answered for ${vip} (asked ${seen.asked} times)`;
  const [only] = repliers;
  const alone = repliers.length === 1 && seen.holders.includes(hostOfMac(spec, only ?? '')?.name ?? '');
  if (!alone) return fail(expected, said, explain(seen, spec));
  if (unheard.length > 0)
    return inconclusive(
      expected,
      `${said}; ${list(unheard)} answered no echo request, so silence says nothing`,
    );
  return pass(expected, said);
}

function explain({ vip, settings, repliers }: Asked, spec: LabSpec): Why {
  const onWire = settings.filter((one) => one.vipDevices.some((device) => device !== 'lo'));
  if (onWire.length > 0)
    return {
      cause: `the VIP is on ${list(onWire.flatMap((one) => one.vipDevices.filter((device) => device !== 'lo')))} of ${list(onWire.map((one) => one.host))}, where the kernel advertises it`,
      remedy: onWire.flatMap(({ host, vipDevices }) =>
        on(
          host,
          ...vipDevices
            .filter((device) => device !== 'lo')
            .map((device) => `ip -6 addr flush dev ${device} to ${vip}`),
          ...(vipDevices.includes('lo') ? [] : [`ip addr add ${vip}/128 dev lo`]),
        ),
      ),
    };
  const proxies = settings.filter((one) => one.proxies).map((one) => one.host);
  if (proxies.length > 0)
    return {
      cause: `${list(proxies)} is a neighbour proxy for the VIP`,
      remedy: on(
        proxies,
        (host) => `ip -6 neigh del proxy ${vip} dev ${deviceAt(spec, host)}`,
        'sysctl -w net.ipv6.conf.all.proxy_ndp=0',
      ),
    };
  if (repliers.length === 0)
    return {
      cause: 'no director has the VIP on the segment, or it is tentative',
      remedy: on(everyHost(spec, 'director'), `ip -6 addr show to ${vip}`),
    };
  const wrong = repliers.filter((mac) => hostOfMac(spec, mac)?.role !== 'director');
  return {
    cause: `the VIP is owned by ${list((wrong.length > 0 ? wrong : repliers).map((mac) => nameOfMac(spec, mac)))}`,
    remedy: [
      ...on(hostsWithMacs(spec, wrong), `ip -6 addr show to ${vip}`),
      ...advice(`only a director may have ${vip} on the segment`),
    ],
  };
}

const proxyForVip: Mutant['change'] = (spec) =>
  onFirstServer((lab) => `ip -6 neigh add proxy ${vipsOf(lab)[0]} dev eth0`)(
    sysctls('realServer', { 'net.ipv6.conf.all.proxy_ndp': '1', 'net.ipv6.conf.eth0.proxy_ndp': '1' })(spec),
  );

/** Linux ndisc.c, ndisc_recv_ns(): the target is looked up on the receiving device only, so `lo` is silent by itself. */
export const oneAdvertiser = check<Asked>({
  ...onStage6,
  own: own6('tcp'),
  establishes: ['vipAtDirector'],
  id: 'ND-01',
  level: 'must',
  title: 'exactly one host advertises the IPv6 VIP',
  requirement: 'Of all hosts on the segment only the active director answers a solicitation for the VIP.',
  source: 'RFC 4861 §7.2.3, §7.2.4; Linux ndisc_recv_ns()',
  needs: ['capture', 'inject', 'director'],
  mutants: [
    {
      id: 'vip-on-eth0',
      breaks: 'the VIP of one real server on eth0 instead of lo',
      change: firstServer({ vipDevice: 'eth0' }),
      reason: /the VIP is on eth0 of rs1,/,
    },
    {
      id: 'vip-on-eth0-everywhere',
      breaks: 'the VIP of every real server on eth0 instead of lo',
      change: (spec) => ({
        ...spec,
        hosts: spec.hosts.map((host) =>
          host.server ? { ...host, server: { ...host.server, vipDevice: 'eth0' } } : host,
        ),
      }),
      reason: /the VIP is on eth0 of rs1, rs2 and rs3,/,
    },
    {
      id: 'proxy',
      breaks: 'one real server forwards and is a neighbour proxy for the VIP',
      change: (spec) =>
        proxyForVip(
          sysctls('realServer', {
            'net.ipv6.conf.all.forwarding': '1',
            'net.ipv6.conf.eth0.forwarding': '1',
          })(spec),
        ),
      reason: /rs1 is a neighbour proxy/,
    },
  ],
  observe: ({ lab, evidence }) => askForVip(lab, evidence),
  judge(seen, { spec }) {
    const judgement = judge(seen, spec);
    if (judgement.verdict !== 'fail') return judgement;
    const hosts = seen.repliers.flatMap((mac) => hostOfMac(spec, mac)?.name ?? []);
    const strangers = hosts.filter((name) => !seen.holders.includes(name));
    const at = strangers.length > 0 ? strangers : everyHost(spec, 'director');
    return { ...judgement, refutes: [{ precondition: 'vipAtDirector', of: seen.vip, hosts: at }] };
  },
});

/** ip-sysctl.rst proxy_ndp: a router answers for others only where that is on, and only for listed addresses. */
export const forwardingStaysSilent = check<Asked>({
  ...onStage6,
  id: 'ND-05',
  level: 'should',
  title: 'a real server that forwards IPv6 does not answer for the VIP',
  requirement: 'Forwarding on a real server does not make it advertise the VIP: no neighbour proxy names it.',
  source: 'RFC 4861 §7.2.8; Linux ip-sysctl.rst (proxy_ndp, forwarding)',
  needs: ['capture', 'inject', 'director'],
  mutants: [
    {
      id: 'proxy',
      breaks: 'proxy_ndp=1 and a proxy entry for the VIP on one real server',
      change: proxyForVip,
      reason: /rs1 is a neighbour proxy/,
    },
  ],
  async observe({ lab, evidence }) {
    const servers = hostsOf(lab.spec, 'realServer');
    const forward = (value: (name: string) => string) =>
      Promise.all(
        servers.map(({ name }) =>
          lab.host(name).exec(`echo ${value(name)} >/proc/sys/net/ipv6/conf/all/forwarding`),
        ),
      );
    const written = (name: string) => hostSpec(lab.spec, name).sysctls['net.ipv6.conf.all.forwarding'] ?? '0';
    await forward(() => '1');
    try {
      return await askForVip(lab, evidence);
    } finally {
      await forward(written);
    }
  },
  judge: (seen, { spec }) => judge(seen, spec),
});

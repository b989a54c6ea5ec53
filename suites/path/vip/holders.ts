import type { Check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { functional } from '../../common/coassert.ts';
import { byRoute, holders, labelled, onServerAt } from '../../common/holders.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { firstServer } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';

/** How one real server holds the VIP, and how often it served. */
interface Holding {
  host: string;
  /** `lo`, `dummy0`, `eth0`; null where it is no address. */
  device: string | null;
  label: string | null;
  prefixLength: number | null;
  /** What `ip route get VIP` says there. */
  route: string;
  served: number;
}

interface Holdings {
  requests: number;
  servers: Holding[];
}

interface Link {
  ifname?: string;
  addr_info?: { local?: string; label?: string; prefixlen?: number }[];
}

async function holdingOf(lab: Lab, host: string, vip: string): Promise<Omit<Holding, 'served'>> {
  const { stdout } = await lab.host(host).exec(`ip -j -4 addr show; ip -o route get ${vip} || :`);
  const at = stdout.lastIndexOf(']') + 1;
  const links = JSON.parse(stdout.slice(0, at)) as Link[];
  const [found] = links.flatMap(({ ifname, addr_info = [] }) =>
    addr_info.filter((one) => one.local === vip).map((one) => ({ ifname, ...one })),
  );
  return {
    host,
    device: found?.ifname ?? null,
    label: found?.label ?? null,
    prefixLength: found?.prefixlen ?? null,
    route: stdout.slice(at).trim(),
  };
}

/** Two requests for each real server, over rr. */
async function holdingsOf(lab: Lab): Promise<Holdings> {
  const service = serviceOf(lab.spec, 'tcp');
  const names = hostsOf(lab.spec, 'realServer').map(({ name }) => name);
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const [answers, held] = await Promise.all([
    prober.requests(targetOf(service), { count: 2 * names.length, timeoutMs: 2_000, parallel: 2 }),
    Promise.all(names.map((name) => holdingOf(lab, name, service.vip))),
  ]);
  const servers = held.map((one) => ({
    ...one,
    served: answers.filter(({ server }) => server === one.host).length,
  }));
  return { requests: answers.length, servers };
}

const needs: Check['needs'] = ['director', 'severalRealServers', 'ipvs'];

const how = ({ host, device, label, prefixLength }: Holding): string =>
  device === null ? `${host} by a local route` : `${host} on ${label ?? device}/${prefixLength}`;

const remedyOf = (spec: LabSpec, host: string): RemedyStep[] => {
  const { vip } = serviceOf(spec, 'tcp');
  return on(host, `ip addr add ${vip}/32 dev lo`, `ip route get ${vip}`);
};

/** Linux fib_frontend.c: what makes a packet local is the route, not the interface that the address is on. */
export const anyHolderServes = functional<Holdings>({
  id: 'VIP-04',
  suite: 'path',
  level: 'should',
  title: 'the VIP may be on lo, on a dummy interface, or a local route',
  requirement: 'Each way to hold the VIP off the wire works, and none makes a real server answer ARP.',
  source: 'LVS-HOWTO, LVS-DR; Linux fib_frontend.c; ip-route(8) local',
  needs,
  stage: holders,
  mutants: [
    {
      id: 'vip-on-eth0',
      breaks: 'the VIP of one real server on eth0, where it is answered for',
      change: firstServer({ vipDevice: 'eth0' }),
      reason: /rs1/,
    },
    {
      id: 'no-local-route',
      breaks: 'the local route of the third real server is gone',
      change: onServerAt(byRoute, (vip) => `ip route del local ${vip} dev lo`),
      reason: /no answer from rs3/,
    },
  ],
  observe: ({ lab }) => holdingsOf(lab),
  judge({ requests, servers }, { spec }) {
    const expected = 'real servers with the VIP on lo, on dummy0 and as a local route all serve';
    const seen = servers.map((one) => `${how(one)} served ${one.served}`).join(', ');
    if (requests === 0 || servers.length === 0) return inconclusive(expected, 'no request was sent');
    const silent = servers.filter(({ served }) => served === 0);
    const [first] = silent;
    if (first)
      return fail(expected, `no answer from ${list(silent.map(({ host }) => host))}: ${seen}`, {
        cause: `packets for the VIP are not local on ${first.host} (${first.route || 'no route'})`,
        remedy: remedyOf(spec, first.host),
      });
    const exposed = servers.find(({ device }) => device === 'eth0');
    if (exposed)
      return fail(expected, seen, {
        cause: `${exposed.host} has the VIP on its interface to the segment`,
        remedy: remedyOf(spec, exposed.host),
      });
    return pass(expected, seen);
  },
});

/** ip-address(8): a label is a name for people; the kernel has the address on the device. */
export const labelIsCosmetic = functional<Holdings>({
  id: 'VIP-05',
  suite: 'path',
  level: 'should',
  title: 'an alias such as lo:0 is the VIP on lo',
  requirement: 'A labelled address behaves as one without: on lo, with /32, it serves and stays silent.',
  source: 'ip-address(8) label; ifconfig(8) aliases; catalogue VIP-05',
  needs,
  stage: holders,
  mutants: [
    {
      id: 'alias-with-netmask',
      breaks: 'the alias made with the netmask of the LAN, as ifconfig lo:0 VIP netmask … does',
      change: onServerAt(
        labelled,
        (vip, prefixLength) =>
          `ip addr del ${vip}/32 dev lo; ip addr add ${vip}/${prefixLength} dev lo label lo:0`,
      ),
      reason: /rs1 on lo:0\/16 served 0/,
    },
  ],
  observe: ({ lab }) => holdingsOf(lab),
  judge({ requests, servers }, { spec }) {
    const expected = 'the real server with the VIP on lo:0 serves as the others do';
    const aliases = servers.filter(({ label }) => label?.includes(':'));
    const [alias] = aliases;
    if (requests === 0 || !alias) return inconclusive(expected, 'no real server has a labelled VIP');
    const seen = servers.map((one) => `${how(one)} served ${one.served}`).join(', ');
    if (alias.served > 0 && alias.device === 'lo' && alias.prefixLength === 32) return pass(expected, seen);
    return fail(expected, seen, {
      cause:
        alias.prefixLength === 32
          ? `${alias.host} does not take packets for the VIP (${alias.route})`
          : `all of ${serviceOf(spec, 'tcp').vip}/${alias.prefixLength} is local on ${alias.host}: it answers itself instead of the client`,
      remedy: remedyOf(spec, alias.host),
    });
  },
});

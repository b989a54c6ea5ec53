import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { markRulesFor } from '../../../src/model/marks.ts';
import type { RemedyStep } from '../../../src/model/remedy.ts';
import { addressBeside, type HostSpec, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import { localAddressesOf } from '../../../src/probe/forwarding.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { addressesOf, holdersOf, neighbour } from '../../../src/probe/neighbour.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';
import { clientOf, realServersOf } from '../subjects.ts';
import { droppedByReversePath } from './reverse-path.ts';

/** What lies behind a service that was not as it should be: looked at once it failed, to tell causes apart. */
export interface Look {
  /** The director that has the VIP, and the service in its own table; without a table where it has no IPVS. */
  director?: {
    name: string;
    /** Null where the table has no such service. */
    rule?: ipvs.Rule | null;
    /** Names of real servers whose MAC it has asked for in vain. */
    unresolved: string[];
    /** Of a service by firewall mark: commands that set the marks which drlab set and which are gone. */
    unmarked?: string[];
  };
  servers: LookedAt[];
}

/** What is wrong, and what mends it or shows more. */
export interface Why {
  cause: string;
  remedy: RemedyStep[];
}

export interface LookedAt {
  server: string;
  hasVip: boolean;
  /** A request to the VIP on the real server itself: `refused`, `silent`, `unanswered`, `reset`, or the HTTP status. */
  local?: string;
  /** Whether a socket there listens on the VIP or on every address; missing where nothing tells. */
  listens?: boolean;
  /** What `ip route get` says of the way back to the client. */
  route: string;
  /** Packets that its reverse path filter dropped while the client asked again; only where nothing else explains a silence. */
  reversePathDrops?: number;
}

const most = 8;
const localLimitMs = 2_000;

/**
 * A host that cannot be looked at is left out: that explains less, and breaks nothing.
 * @param names of real servers of the service, the suspects first
 */
export async function lookBehind(lab: Lab, service: ServiceSpec, names: string[]): Promise<Look> {
  const all = realServersOf(lab.spec, service);
  const first = all.filter(({ name }) => names.includes(name));
  const servers = [...first, ...all.filter((one) => !first.includes(one))].slice(0, most);
  const [director, ...looked] = await Promise.all([
    directorBehind(lab, service, servers).catch(() => undefined),
    ...servers.map((server) => serverBehind(lab, service, server).catch(() => undefined)),
  ]);
  const found = looked.flatMap((one) => one ?? []);
  const sound = found.filter(({ server, local }) => names.includes(server) && local === '200');
  if (sound.length > 0) {
    const suspects = sound.map(({ server }) => server);
    const dropped = await droppedByReversePath(lab, service, suspects).catch(() => new Map());
    for (const one of sound) if (dropped.get(one.server) > 0) one.reversePathDrops = dropped.get(one.server);
  }
  return { ...(director && { director }), servers: found };
}

async function directorBehind(
  lab: Lab,
  service: ServiceSpec,
  servers: HostSpec[],
): Promise<Look['director']> {
  const [name] = await holdersOf(lab, service.vip);
  if (name === undefined) return undefined;
  const host = lab.host(name);
  const entries = await Promise.all(
    servers.map((server) => neighbour(host, addressBeside(server, service.vip))),
  );
  const unresolved = servers.flatMap((server, i) =>
    entries[i]?.mac === undefined && /FAILED|INCOMPLETE/.test(entries[i]?.state ?? '') ? [server.name] : [],
  );
  const unmarked = await unmarkedOn(host, lab.spec, service);
  return {
    name,
    unresolved,
    ...(unmarked.length > 0 && { unmarked }),
    ...(lab.lacks('ipvs') === undefined && { rule: await ruleOn(host, service) }),
  };
}

async function unmarkedOn(host: Host, spec: LabSpec, service: ServiceSpec): Promise<string[]> {
  const rules = markRulesFor(spec, service);
  const [first] = rules;
  if (!first) return [];
  const { stdout } = await host.exec(`exec ${first.program} -t mangle -S PREROUTING`);
  const there = new Set(stdout.split('\n').map((line) => line.trim()));
  return rules.flatMap(({ program, rule }) => (there.has(rule) ? [] : [`${program} -t mangle ${rule}`]));
}

export const ruleOn = async (host: Host, service: ServiceSpec): Promise<ipvs.Rule | null> =>
  (await ipvs.rules(host)).find((rule) => ipvs.isOf(rule, service)) ?? null;

async function serverBehind(
  lab: Lab,
  { vip, port, protocol }: ServiceSpec,
  server: HostSpec,
): Promise<LookedAt> {
  const host = lab.host(server.name);
  const six = isIpv6(vip);
  const own = six ? (await addressesOf(host, 6)).map(({ address }) => address) : await localAddressesOf(host);
  const hasVip = own.includes(vip);
  const asked = hasVip && protocol === 'tcp';
  const [answer, { stdout }] = await Promise.all([
    asked ? runProgram(host, 'request', [vip, port, localLimitMs]) : undefined,
    host.exec(
      `ip -${six ? 6 : 4} route get ${addressBeside(clientOf(lab.spec), vip)} ${hasVip ? `from ${vip}` : ''} 2>&1 | head -n 1; echo
       ss -Hltn 'sport = :${port}' || echo '?'`,
    ),
  ]);
  const local = answer?.[0]?.[0];
  const [route = '', ...sockets] = stdout.split('\n').filter((line) => line !== '');
  return {
    server: server.name,
    hasVip,
    route,
    ...(local !== undefined && { local }),
    ...(asked && !sockets.includes('?') && { listens: sockets.some((line) => takes(line, vip, port)) }),
  };
}

/** Of a line of `ss -Hltn`. */
const takes = (line: string, vip: string, port: number): boolean =>
  [...(isIpv6(vip) ? [`[${vip}]`] : ['0.0.0.0', vip]), '*', '[::]'].includes(
    line.trim().split(/\s+/)[3]?.replace(`:${port}`, '') ?? '',
  );

import type { Instance, Intent, RealServer, Service } from '../keepalived/index.ts';

/** What keepalived says with `--dump-conf` of its configuration, and the same said by us. */

/** The lines of a dump that say something of a field that is read here, in blocks. */
export function fieldsOf(log: string): string[] {
  const lines = log.split('\n').map((line) => line.replace(/^\w{3} \w{3} +\d+ [\d:]+ \d+: /, ''));
  const vrrp = between(lines, '------< VRRP Topology >------', /^------</);
  const lvs = between(lines, '------< LVS Topology >------', /^(------<|Activating)/);
  const checkers = between(lines, '------< Health checkers >------', /^(------<|Activating|\()/);
  return [...vrrp.flatMap(vrrpField), ...lvs.flatMap(lvsField), ...checkersIn(checkers)];
}

function between(lines: string[], from: string, until: RegExp): string[] {
  const start = lines.indexOf(from);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => until.test(line));
  return end < 0 ? rest : rest.slice(0, end);
}

const vrrpWords =
  /^ {1,3}(VRRP Instance|VRRP Version|Wantstate|Interface|Gratuitous ARP (?:delay|repeat|refresh|refresh repeat)|Down timer adverts|Virtual Router ID|Priority|Advert interval|Accept|Preempt|Preempt delay|Password) = (.*)$/;

function vrrpField(line: string): string[] {
  const found = vrrpWords.exec(line);
  if (found) return [`${found[1]} = ${found[2]}`];
  const address = /^ {5}([0-9a-f.:]+)(\/\d+)? dev (\S+) scope/.exec(line);
  if (address) return [`VIP ${address[1]}${address[2] ?? ''} dev ${address[3]}`];
  const peer = /^ {5}(\S+) min_ttl/.exec(line);
  return peer ? [`Peer ${peer[1]}`] : [];
}

const lvsWords =
  /^ {1,5}(VS VIP|VS FWMARK|VS GROUP|delay_loop|lvs_sched|One packet scheduling|persistence timeout|protocol|quorum|RIP|(?:default )?forwarding method|(?:sh|mh)-(?:port|fallback)) = ([^ ,]*)(.*)$/;

function lvsField(line: string): string[] {
  const flag = /^ {3}(alpha|Alpha|Inhibit on failure) is (ON|OFF)/.exec(line);
  if (flag) return [`${flag[1]?.toLowerCase()} ${flag[2]}`];
  const found = lvsWords.exec(line);
  if (!found) return [];
  const [, name, value, rest = ''] = found;
  const more = /[RV]PORT = \d+(?:, WEIGHT = \d+)?/.exec(rest)?.[0];
  return [`${name} = ${value}${more ? ` ${more}` : ''}`];
}

/** Of each health check its kind and retries. */
function checkersIn(lines: string[]): string[] {
  const retries = lines.flatMap((line) => /^ {3}Retries = (\d+)/.exec(line)?.[1] ?? []);
  const kinds = lines.flatMap((line) => /^ {3}Keepalive method = (\w+)/.exec(line)?.[1] ?? []);
  return kinds.map((kind, i) => `${kind} retry ${retries[i]}`);
}

export const fieldsSaid = (intent: Intent): string[] => [
  ...intent.instances.flatMap(instanceFields),
  ...intent.services.flatMap(serviceFields),
  ...intent.services.flatMap((service) =>
    service.realServers.flatMap((server) =>
      server.checks.map(({ kind, retry }) => `${kind} retry ${retry.value}`),
    ),
  ),
];

function instanceFields(one: Instance): string[] {
  const seconds =
    one.version.value === 2
      ? `${Math.floor(one.advertS.value)} sec`
      : `${Math.round(one.advertS.value * 1000)} milli-sec`;
  const vip = ({ address, prefixLength, withPrefix, device }: Instance['vips'][number]): string => {
    const host = prefixLength === (address.includes(':') ? 128 : 32);
    return `VIP ${address}${withPrefix && !host ? `/${prefixLength}` : ''} dev ${device ?? one.interface?.value}`;
  };
  return [
    `VRRP Instance = ${one.name}`,
    `VRRP Version = ${one.version.value}`,
    `Wantstate = ${one.state.value}`,
    `Interface = ${one.interface?.value}`,
    `Gratuitous ARP delay = ${one.garpDelayS.value}`,
    `Gratuitous ARP repeat = ${one.garpRepeat.value}`,
    `Gratuitous ARP refresh = ${one.garpRefreshS.value}`,
    `Gratuitous ARP refresh repeat = ${one.garpRefreshRepeat.value}`,
    `Down timer adverts = ${one.downTimerAdverts.value}`,
    `Virtual Router ID = ${one.virtualRouterId?.value ?? 0}`,
    `Priority = ${one.priority.value}`,
    `Advert interval = ${seconds}`,
    `Accept = ${one.accept.value ? 'enabled' : 'disabled'}`,
    `Preempt = ${one.preempt.value ? 'enabled' : 'disabled'}`,
    ...(one.preemptDelayS.value > 0 ? [`Preempt delay = ${printedG(one.preemptDelayS.value)} secs`] : []),
    ...(one.password ? [`Password = ${one.password.value.slice(0, 8)}`] : []),
    ...[...one.vips, ...one.excluded].map(vip),
    ...one.peers.map((word) => `Peer ${word.text}`),
  ];
}

/** As printf does with %g. */
const printedG = (value: number): string =>
  (value < 0.0001 ? value.toExponential() : String(value)).replace(/e-(\d)$/, 'e-0$1');

function serviceFields(one: Service): string[] {
  const name = one.address
    ? `VS VIP = ${one.address} VPORT = ${one.port.value}`
    : one.group
      ? `VS GROUP = [${one.group}]:0`
      : `VS FWMARK = ${one.mark}`;
  const flag = (what: string): string => `${what} = ${one.settings.last(what) ? 'enabled' : 'disabled'}`;
  const scheduler = one.scheduler.value;
  return [
    name,
    `delay_loop = ${one.delayLoopS.value.toFixed(6)}`,
    `lvs_sched = ${scheduler}`,
    ...(['sh', 'mh'].includes(scheduler) ? [flag(`${scheduler}-port`), flag(`${scheduler}-fallback`)] : []),
    `One packet scheduling = ${one.onePacket.value ? 'enabled' : 'disabled'}`,
    ...(one.persistenceS ? [`persistence timeout = ${one.persistenceS.value}`] : []),
    `protocol = ${one.mark === undefined ? one.protocol.value : 'none'}`,
    `alpha ${on(one.alpha.value)}`,
    `inhibit on failure ${on(one.inhibit.value)}`,
    `quorum = ${one.quorum.value}`,
    `default forwarding method = ${one.method.value}`,
    ...(one.sorryServer ? [`forwarding method = ${one.method.value}`] : []),
    ...one.realServers.flatMap(realServerFields),
  ];
}

const realServerFields = (one: RealServer): string[] => [
  `RIP = ${one.address} RPORT = ${one.portInTable}, WEIGHT = ${one.weight.value}`,
  `forwarding method = ${one.method.value}`,
  `alpha ${on(one.alpha.value)}`,
  `inhibit on failure ${on(one.inhibit.value)}`,
];

const on = (value: boolean): string => (value ? 'ON' : 'OFF');

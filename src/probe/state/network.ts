import type { Fact } from './fact.ts';

/** Facts in what `ip -o` and `tc` show. */

/** Lines of links, addresses, routes, neighbours and rules, told apart by their form. */
export function ipFacts(text: string): Fact[] {
  return text.split('\n').flatMap((raw): Fact[] => {
    const line = raw.replaceAll('\\', ' ').replace(/\s+/g, ' ').trim();
    if (line === '') return [];
    if (/^\d+: \S+: </.test(line)) return linkFacts(line);
    if (/^\d+: \S+ inet6? /.test(line)) return addressFacts(line);
    if (/^\d+: /.test(line)) return ruleFacts(line);
    if (/ PERMANENT| proxy$/.test(line)) return neighbourFacts(line);
    return routeFacts(line);
  });
}

function linkFacts(line: string): Fact[] {
  const [, name = '', flags = '', rest = ''] = /^\d+: ([^@:]+)\S*: <([^>]*)> (.*)$/.exec(line) ?? [];
  if (name === 'lo') return [];
  const after = (word: string): string => new RegExp(`\\b${word} (\\S+)`).exec(rest)?.[1] ?? '';
  const mac = after('link/ether');
  const is = (flag: string): boolean => flags.split(',').includes(flag);
  const fact = (key: string, value: string): Fact => ({ kind: 'link', key: `dev ${name}${key}`, value });
  return [
    fact('', is('UP') ? 'up' : 'down'),
    fact(' mtu', after('mtu')),
    ...(mac === '' ? [] : [fact(' address', mac)]),
    fact(' arp', is('NOARP') ? 'off' : 'on'),
    ...(is('PROMISC') ? [fact(' promisc', 'on')] : []),
  ];
}

/** Not those that a kernel makes by itself: of lo, of the link, and of router advertisements. */
function addressFacts(line: string): Fact[] {
  const [, device = '', family = '', address = '', rest = ''] =
    /^\d+: (\S+) (inet6?) (\S+) (.*)$/.exec(line) ?? [];
  const peer = /^peer (\S+)/.exec(rest)?.[1];
  if (/^(127\.0\.0\.1\/8|::1\/128)$/.test(address)) return [];
  if (family === 'inet6' && /\bscope link\b|\bdynamic\b|\btemporary\b/.test(rest)) return [];
  return [{ kind: 'address', key: `${peer ?? address} dev ${device}`, value: '' }];
}

/**
 * What the kernel derives from addresses is `connected`, and the table of local addresses is no more than that. What routing
 * protocols bring comes and goes with who announces it.
 */
function routeFacts(line: string): Fact[] {
  if (/ table local\b/.test(line) || /\bproto (ra|bird|bgp|zebra)\b/.test(line)) return [];
  if (/^(fe80::\/\d+|ff00::\/8|multicast ff00::\/8) /.test(line)) return [];
  const kind = /\bproto kernel\b/.test(line) ? 'connected' : 'route';
  const key = line
    .replace(/ (proto|scope|src|metric|pref|expires) \S+/g, '')
    .replace(/ (linkdown|dead|onlink)\b/g, '')
    .trim();
  return [{ kind, key, value: '' }];
}

function ruleFacts(line: string): Fact[] {
  const [, preference = '', what = ''] = /^(\d+): (.*)$/.exec(line) ?? [];
  if (/^(0|32766|32767)$/.test(preference) && /^from all lookup (local|main|default)$/.test(what)) return [];
  return [{ kind: 'rule', key: `pref ${preference}`, value: what }];
}

function neighbourFacts(line: string): Fact[] {
  const [, ip = '', device = '', mac = ''] = /^(\S+) dev (\S+)(?: lladdr (\S+))?/.exec(line) ?? [];
  const key = `${line.endsWith(' proxy') ? 'proxy ' : ''}${ip} dev ${device}`;
  return [{ kind: 'neighbour', key, value: mac }];
}

/** Queues that somebody attached: the kernel's own have the handle 0. What hangs below another is part of that. */
export function queueFacts(text: string): Fact[] {
  return text.split('\n').flatMap((line): Fact[] => {
    const found = /^qdisc (\S+) ([0-9a-f]+): dev (\S+) (root|parent ffff:fff1|ingress_block \d+)(.*)$/.exec(
      line,
    );
    const [, kind = '', handle = '', device = '', where = '', rest = ''] = found ?? [];
    if (!found || handle === '0') return [];
    if (where !== 'root') return [{ kind: 'queue', key: `dev ${device} ${kind}`, value: '' }];
    const options = rest
      .replace(/^ refcnt \d+/, '')
      .replace(/ seed \d+/, '')
      .trim();
    const value = kind === 'netem' ? netem(options) : `${kind} ${options}`.trim();
    return [{ kind: 'queue', key: `dev ${device} root`, value }];
  });
}

const scales: Record<string, number> = { us: 1, ms: 1e3, s: 1e6, bit: 1, Kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };

/**
 * In the words in which it is set, with one unit each, and times as exact as `tc` shows them: `netem delay 5000us loss 3%`.
 * Without the length of the queue, which follows from the rest.
 */
export function netem(options: string): string {
  const scaled = options
    .replace(/\blimit \d+/, '')
    .replace(/\b(\d+(?:\.\d+)?)(us|ms|s|bit|Kbit|Mbit|Gbit)\b/g, (_, n: string, unit: string) => {
      const scaledN = Number(n) * (scales[unit] ?? 1);
      return unit.endsWith('bit') ? `${scaledN}bit` : `${Number(scaledN.toPrecision(3))}us`;
    });
  return `netem ${scaled.replace(/\s+/g, ' ').trim()}`.trim();
}

import { syncWords } from '../../model/sync-words.ts';
import { parseTimeouts } from '../ipvs-state.ts';
import type { Fact } from './fact.ts';

/** Facts in what `ipvsadm` shows, in the words in which it takes them. */

/** Names that schedulers give to their flags. */
const plainFlags: Record<string, string> = {
  'sh-fallback': 'flag-1',
  'mh-fallback': 'flag-1',
  'sh-port': 'flag-2',
  'mh-port': 'flag-2',
};

export const flagNames = (names: readonly string[]): string =>
  names
    .map((name) => plainFlags[name] ?? name)
    .sort()
    .join(',');

/** @param rules of `ipvsadm -Sn`. @param thresholds of `ipvsadm -Ln --thresholds`, which the rules leave out. */
export function tableFacts(rules: string, thresholds: string): Fact[] {
  const limits = limitsIn(thresholds);
  return rules.split('\n').flatMap((line): Fact[] => {
    const words = line.trim().split(/\s+/);
    const [verb = '', flag = '', first = ''] = words;
    const name = words[3] === '-6' ? `${first} -6` : first;
    if (verb === '-A')
      return [
        { kind: 'service', key: `${flag} ${name}`, value: serviceValue(words.slice(words.indexOf('-s'))) },
      ];
    if (verb !== '-a') return [];
    const server = words[words.indexOf('-r') + 1] ?? '';
    const rest = words
      .slice(words.indexOf('-r') + 2)
      .join(' ')
      .replace(' --tun-type ipip', '');
    const limit = limits.get(`${flag} ${name} ${server}`) ?? '';
    return [{ kind: 'destination', key: `${flag} ${name} -r ${server}`, value: `${rest}${limit}` }];
  });
}

/** Options in one order, whatever the order in which they are shown. */
function serviceValue(words: string[]): string {
  const options: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const argument = words[i + 1];
    if (argument === undefined || argument.startsWith('-')) options.push(word === '--ops' ? '-o' : word);
    else {
      options.push(`${word} ${word === '-b' ? flagNames(argument.split(',')) : argument}`);
      i++;
    }
  }
  return options.sort((a, b) => rank(a) - rank(b)).join(' ');
}

const order = ['-s', '-b', '-p', '-M', '-o', '--pe'];
const rank = (option: string): number => {
  const at = order.indexOf(option.split(' ')[0] ?? '');
  return at < 0 ? order.length : at;
};

/** ` -x 100 -y 50` of each real server that has such a limit. */
function limitsIn(thresholds: string): Map<string, string> {
  const limits = new Map<string, string>();
  let service = '';
  for (const line of thresholds.split('\n')) {
    const [first = '', second = '', ...numbers] = line.trim().split(/\s+/);
    const flag = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' }[first];
    if (flag) service = `${flag} ${second}${numbers[0] === 'IPv6' ? ' -6' : ''}`;
    if (first !== '->') continue;
    const [upper = 0, lower = 0] = numbers.map(Number);
    const limit = `${upper > 0 ? ` -x ${upper}` : ''}${lower > 0 ? ` -y ${lower}` : ''}`;
    limits.set(`${service} ${second}`, limit);
  }
  return limits;
}

export function timeoutFacts(text: string): Fact[] {
  if (text.trim() === '') return [];
  const { establishedS, finS, udpS } = parseTimeouts(text);
  return [{ kind: 'timeouts', key: '--set', value: `${establishedS} ${finS} ${udpS}` }];
}

/** `master sync daemon (mcast=eth0, syncid=51, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)`. */
export const syncFacts = (text: string): Fact[] =>
  [...text.matchAll(/^(master|backup) sync daemon \(([^)]*)\)/gm)].map(([, key = '', said = '']) => {
    const of = new Map(
      said.split(/,\s*/).map((one): [string, string] => [one.split('=')[0] ?? '', one.split('=')[1] ?? '']),
    );
    const number = (name: string): number | undefined => (of.has(name) ? Number(of.get(name)) : undefined);
    const value = syncWords({
      device: of.get('mcast') ?? '',
      id: number('syncid') ?? 0,
      maxLength: number('maxlen'),
      group: of.get('group'),
      port: number('port'),
      ttl: number('ttl'),
    });
    return { kind: 'sync', key, value };
  });

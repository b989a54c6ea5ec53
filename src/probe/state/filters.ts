import type { Fact } from './fact.ts';

/** Facts in what the programs of packet filters save. */

/** Of `iptables-save` and its kin: rules, and policies that are not ACCEPT. Docker's own are those of its name server. */
export function savedFacts(program: string, text: string): Fact[] {
  let table = '';
  return text.split('\n').flatMap((line): Fact[] => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, chain = '', policy = ''] = /^:(\S+) (DROP|REJECT|QUEUE)\b/.exec(line) ?? [];
    if (chain) return [{ kind: 'filter', key: `${program} -t ${table} -P ${chain}`, value: policy }];
    if (!line.startsWith('-A ') || ofDocker.test(line)) return [];
    return [{ kind: 'filter', key: `${program} -t ${table} ${line.trim()}`, value: '' }];
  });
}

/** What Docker puts into a container so that names are resolved. */
const ofDocker = /\b127\.0\.0\.11\b|DOCKER_/;

/**
 * A fact for each table of `nft -s list ruleset`, or of a file for `nft -f`; its value is its text, line by line. A table that
 * does nothing, as `iptables` leaves some behind, is none.
 */
export function nftFacts(text: string): Fact[] {
  return text.split(/^(?=table )/m).flatMap((block): Fact[] => {
    const [, key = '', body = ''] = /^table (\S+ \S+) \{\n?([\s\S]*)\}\s*$/.exec(block) ?? [];
    const lines = body
      .split('\n')
      .map((line) => line.trim().replace(/\bpriority 0\b/, 'priority filter'))
      .filter((line) => line !== '');
    const isIdle = (line: string): boolean => frame.test(line) || ofDocker.test(line);
    return lines.every(isIdle) ? [] : [{ kind: 'table', key, value: lines.join('\n') }];
  });
}

/** What a table has without any rule. */
const frame = /^(chain \S+ \{|\}|type .* policy accept;)$/;

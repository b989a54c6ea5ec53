import type { LabSpec } from '../../src/model/spec.ts';
import type { Difference } from './compare.ts';

/** Differences in the table of IPVS, in the words of those who read it. */
export function ofTable(spec: LabSpec, { host, kind, key, meant, found }: Difference): string {
  const thing = kind === 'service' ? `the service ${key}` : serverOf(spec, key);
  if (meant === undefined) return `the table of ${host} has ${thing} (${found}), which it should not have`;
  if (found === undefined) return `the table of ${host} lacks ${thing}`;
  const [is, should] = [optionsIn(found), optionsIn(meant)];
  const changed = [...new Set([...is.keys(), ...should.keys()])].filter(
    (option) => is.get(option) !== should.get(option),
  );
  const told = changed.map(
    (option) =>
      `${names[option] ?? option} ${is.get(option) ?? 'none'} instead of ${should.get(option) ?? 'none'}`,
  );
  return `in the table of ${host} ${thing} has ${told.join(', ')}`;
}

/** `rs1 (-t 198.18.0.100:80 -r 198.18.1.1:80)`; of an address that no host has only that. */
function serverOf({ hosts }: LabSpec, key: string): string {
  const rip = /-r \[?(.*?)\]?:\d+$/.exec(key)?.[1];
  const name = hosts.find(({ ip, ip6 }) => rip !== undefined && [ip, ip6?.address].includes(rip))?.name;
  return `${name ?? 'a real server'} (${key})`;
}

const names: Record<string, string> = {
  '-s': 'the scheduler',
  '-b': 'the scheduler flags',
  '-p': 'a persistence in seconds of',
  '-M': 'the persistence mask',
  '-o': 'one-packet scheduling:',
  '--pe': 'the persistence engine',
  '-w': 'weight',
  '-x': 'a limit of connections (-x) of',
  '-y': 'a lower limit of connections (-y) of',
  forward: 'the forwarding method',
};

const methods: Record<string, string> = { '-g': 'DR', '-i': 'TUN', '-m': 'NAT' };

/** `-g -w 1` as an option `forward` and one `-w`. */
const optionsIn = (value: string): Map<string, string> =>
  new Map(
    value.split(/ (?=-)/).map((text): [string, string] => {
      const [option = '', ...argument] = text.split(' ');
      const method = methods[option];
      return method ? ['forward', method] : [option, argument.join(' ') || 'on'];
    }),
  );

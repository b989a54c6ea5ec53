import { readFile } from 'node:fs/promises';
import type { Host } from '../../src/model/host.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import type { FilesSpec, HostSpec } from '../../src/model/spec.ts';
import { starterOf } from '../../src/model/starters.ts';
import { quoteAll } from '../../src/util/quote.ts';
import { interfaceKeys } from './refusal.ts';
import { logOf, passing, staying } from './steps.ts';

/** What is wrong with files, and stops nobody. */

/** Words that a daemon does not know, interfaces that are not there; kept as evidence. */
export async function remarksOn(
  { files, name }: HostSpec,
  host: Pick<Host, 'get' | 'exec'>,
): Promise<ConfigText[]> {
  if (!files) return [];
  const daemons = staying(files).map(async (step) => {
    const log = await host.get(logOf(step)).then(
      (bytes) => Buffer.from(bytes).toString(),
      () => '',
    );
    const lines = log
      .split('\n')
      .filter((line) => hasPlace.test(line) || /\b(unknown|missing|WARNING)\b/i.test(line));
    return { host: name, name: `${step} says`, text: withoutTimes(lines.join('\n')) };
  });
  const sysctls = passing(files).includes('sysctl')
    ? [{ host: name, name: 'sysctl ignores', text: await missingInterfaces(files, host) }]
    : [];
  return [...(await Promise.all(daemons)), ...sysctls].filter(({ text }) => text !== '');
}

/** sysctl is silent about keys of an interface that is not there. */
async function missingInterfaces({ from, paths }: FilesSpec, host: Pick<Host, 'exec'>): Promise<string> {
  const its = paths.filter((path) => starterOf('sysctl')?.files.test(path));
  const found = await Promise.all(
    its.map(async (path) =>
      interfaceKeys(await readFile(`${from}${path}`, 'utf8')).map((one) => ({ ...one, path })),
    ),
  );
  const devices = [...new Set(found.flat().map(({ device }) => device))];
  if (devices.length === 0) return '';
  const look = `for one in ${quoteAll(devices)}; do [ -e "/proc/sys/net/ipv4/conf/$one" ] || echo "$one"; done`;
  const missing = (await host.exec(look)).stdout.trim().split('\n');
  return found
    .flat()
    .filter(({ device }) => missing.includes(device))
    .map(({ path, line, key, device }) => `${path}:${line}: ${key}: there is no ${device}`)
    .join('\n');
}

/** `(/etc/keepalived/keepalived.conf: Line 22)` */
const hasPlace = /\bLine \d+\)/i;

/** What the processes of keepalived say comes in any order; what they say of a line of a file is what ended it. */
export function placesLast(said: string): string {
  const lines = said.split('\n');
  return [
    ...lines.filter((line) => !hasPlace.test(line)),
    ...lines.filter((line) => hasPlace.test(line)),
  ].join('\n');
}

/** Lines of keepalived's log that are in every log. */
const usual =
  /^(Starting|Running on|Command line|Opening file|Configuration file|NOTICE|Registering|CPU usage|Stopped|Initializing|Using|Assigned|VRRP_Instance)/;

export const withoutTimes = (log: string): string =>
  log
    .split('\n')
    .map((line) => line.replace(/^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: /, ''))
    .filter((line) => line !== '' && !usual.test(line))
    .join('\n');

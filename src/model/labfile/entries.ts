import { plainAddress } from '../../util/ipv6.ts';
import { driverTraitsOf } from '../driver-traits.ts';
import { inTable, type Known } from '../ipvs-words.ts';
import type { DriverSpec, Protocol, ServiceSpec } from '../spec.ts';
import type { Path, Problems } from './problems.ts';
import type { RawLab } from './schema.ts';
import type { RawPort } from './schema-entries.ts';

type RawService = RawLab['services'][number];

/** Where clients find a service, and what it has in the table of IPVS. */
export type Place = Pick<ServiceSpec, 'vip' | 'port' | 'protocol' | 'mark' | 'markedBy' | 'allPorts'>;

/** So many services a lab looks at, for one that the file writes. */
const most = 128;

/** One for each VIP and port that the file writes as one service. @param vip where it says none. */
export function placesOf(
  given: RawService,
  vip: string,
  path: Path,
  { driver, problems }: { driver: DriverSpec; problems: Problems },
): Place[] {
  checkKeys(given, path, driver, problems);
  const { fwmark, marked, port = 80 } = given;
  const ports =
    given.ports === undefined
      ? [{ port: port || 80, protocol: given.protocol }]
      : portsOf(given, path, problems);
  const places = (given.vips ?? [vip]).map(plainAddress).flatMap((one) =>
    ports.map(
      (it): Place => ({
        vip: one,
        ...it,
        ...(fwmark !== undefined && { mark: fwmark }),
        ...(fwmark !== undefined && marked === 'files' && { markedBy: 'files' }),
        ...(port === 0 && { allPorts: true }),
      }),
    ),
  );
  if (places.length <= most) return places;
  problems.add(
    [...path, given.ports === undefined ? 'vips' : 'ports'],
    `that is ${places.length} VIPs with a port, and drlab looks at each; expected at most ${most}: write those that matter${fwmark === undefined ? '' : ', and «marked: files»'}.`,
  );
  return places.slice(0, 1);
}

function checkKeys(given: RawService, path: Path, driver: DriverSpec, problems: Problems): void {
  const say = (key: string, text: string): void => problems.add([...path, key], text, 'key');
  if (given.vip !== undefined && given.vips !== undefined)
    say('vips', '«vip» and «vips» say the same; write all VIPs in «vips».');
  if (given.ports !== undefined && given.port !== undefined && given.port !== 0)
    say('ports', '«port» and «ports» say the same; write all ports in «ports».');
  if (given.port === 0 && given.fwmark !== undefined)
    say('port', 'a service by firewall mark has the ports that carry it; write them in «ports».');
  else if (given.port === 0 && given.persistence === 0)
    say(
      'port',
      'IPVS takes port 0, which is all ports, of persistent services only; add «persistence: 300s», or write «ports».',
    );
  if (given.marked !== undefined && given.fwmark === undefined)
    say('marked', '«marked» means something with a firewall mark only; add «fwmark: 1».');
  if (
    given.fwmark !== undefined &&
    given.marked !== 'files' &&
    driverTraitsOf({ driver }).existingHosts !== undefined
  )
    say('fwmark', 'drlab sets no marks on machines that exist; mark there, and write «marked: files».');
}

function portsOf(given: RawService, path: Path, problems: Problems): { port: number; protocol: Protocol }[] {
  const items: RawPort[] = Array.isArray(given.ports) ? given.ports : [given.ports ?? 80];
  return items.flatMap((item, index) => {
    const [range = '', protocol = given.protocol] = String(item).split('/');
    const [first = 0, last = first] = range.split('-').map(Number);
    if (last >= first && last <= 65_535)
      return Array.from({ length: last - first + 1 }, (_, i) => ({
        port: first + i,
        protocol: protocol as Protocol,
      }));
    const at = Array.isArray(given.ports) ? [...path, 'ports', index] : [...path, 'ports'];
    problems.add(at, `«${item}» is no range of ports; expected the lower one first, and none above 65535.`);
    return [];
  });
}

/** What several services of the file have in the table of IPVS: one of them alone would be added. */
export function checkEntries(services: readonly Place[][], problems: Problems): void {
  const places = new Map<string, number>();
  const entries = new Map<string, number>();
  for (const [index, own] of services.entries()) {
    const path: Path = ['services', index];
    for (const { vip, port, protocol } of own) {
      const key = `${vip}:${port}/${protocol}`;
      const other = places.get(key);
      if (other !== undefined)
        problems.add(path, `${key} is already service ${other + 1}; change «vip», «port» or «protocol».`);
      places.set(key, index);
    }
    for (const one of inTable<Place & Known>(own.filter(({ mark, allPorts }) => mark ?? allPorts))) {
      const key =
        one.mark === undefined ? `port 0 of ${one.vip}/${one.protocol}` : `firewall mark ${one.mark}`;
      const other = entries.get(key);
      if (other !== undefined)
        problems.add(
          path,
          `${key} is already that of service ${other + 1}; write its VIPs and ports there, in «vips» and «ports».`,
        );
      entries.set(key, index);
    }
  }
}

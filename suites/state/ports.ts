import { deviceOf, type LabSpec } from '../../src/model/spec.ts';

/** Which port of the switch belongs to which host: each end of a cable shows the number of the other. */
export function portsIn(
  spec: LabSpec,
  texts: ReadonlyMap<string, string>,
  inSwitch: string,
): Record<string, string> {
  const devices = new Map(spec.hosts.map((host) => [host.name, deviceOf(host)]));
  const nameOf = new Map(
    [...inSwitch.matchAll(/^(\d+): ([^@:\s]+)@if\d+: </gm)].map(([, index, name = '']) => [index, name]),
  );
  return Object.fromEntries(
    [...texts].flatMap(([host, text]): [string, string][] => {
      const device = devices.get(host)?.replaceAll('.', '\\.');
      const port = nameOf.get(new RegExp(`^\\d+: ${device}@if(\\d+): <`, 'm').exec(text)?.[1]);
      return port === undefined || text === inSwitch ? [] : [[host, port]];
    }),
  );
}

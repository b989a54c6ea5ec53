/** Which port of the switch belongs to which host: each end of a cable shows the number of the other. */
export function portsIn(texts: ReadonlyMap<string, string>, inSwitch: string): Record<string, string> {
  const nameOf = new Map(
    [...inSwitch.matchAll(/^(\d+): ([^@:\s]+)@if\d+: </gm)].map(([, index, name = '']) => [index, name]),
  );
  return Object.fromEntries(
    [...texts].flatMap(([host, text]): [string, string][] => {
      const port = nameOf.get(/^\d+: eth0@if(\d+): </m.exec(text)?.[1]);
      return port === undefined || text === inSwitch ? [] : [[host, port]];
    }),
  );
}

import { destinationOf, entryOf, entryWords, methodFlag } from '../../src/model/ipvs-words.ts';
import { healthCheckOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import type { Rule } from '../../src/probe/ipvs.ts';
import type { Why } from '../common/looking/look.ts';
import { advice, everyHost, on, toTellApart } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';

/** A service in the director's own table; null where it has none. */
export interface ServiceTable {
  director: string;
  rule: Rule | null;
}

/** The table has other real servers than the lab file. */
export function whyOthers(
  spec: LabSpec,
  service: ServiceSpec,
  present: string[],
  directors: readonly string[],
): Why {
  const names = service.realServers.filter(({ weight }) => weight > 0).map(({ name }) => name);
  const missing = names.filter((name) => !present.includes(name));
  if (missing.length > 0) return whyMissing(spec, service, missing, directors);
  const extra = present.filter((name) => !names.includes(name));
  return {
    cause: `${list(extra)} is in the table of ${list(directors)} for ${entryWords(service)}, and not in the lab file`,
    remedy: on(directors, 'ipvsadm -Ln'),
  };
}

/** Real servers that are not in the table; where health checks take out what does not serve, that is why as a rule. */
function whyMissing(spec: LabSpec, service: ServiceSpec, names: string[], directors: readonly string[]): Why {
  const checked = healthCheckOf(spec, service) !== undefined;
  const add = names.map(
    (name) =>
      `ipvsadm -a ${entryOf(service)} ${destinationOf(spec, service, name)} ${methodFlag(service, name)}`,
  );
  return {
    cause: `${list(names)} is not in the table of ${list(directors)} for ${entryWords(service)}${checked ? ': health checks took it out, or somebody did' : ''}`,
    remedy: checked
      ? toTellApart([...on(names, 'ss -ltn', 'iptables -vnL'), ...advice('see PP-26')])
      : on(directors, ...add),
  };
}

/** What in the table explains that connections were not handed out as the scheduler does. */
export function whyOtherwise(spec: LabSpec, service: ServiceSpec, table: ServiceTable | undefined): Why {
  const edit = `ipvsadm -E ${entryOf(service)} -s ${service.scheduler}`;
  if (!table?.rule)
    return {
      cause: `the service is not scheduled by ${service.scheduler}, is persistent or has other weights, or something else opens connections to it`,
      remedy: toTellApart(on(everyHost(spec, 'director'), 'ipvsadm -Ln', 'ipvsadm -Lnc')),
    };
  const { director, rule } = table;
  if (rule.scheduler !== service.scheduler)
    return {
      cause: `${director} schedules port ${service.port} with ${rule.scheduler}, not with ${service.scheduler}`,
      remedy: on(director, edit),
    };
  if (rule.persistenceS > 0)
    return {
      cause: `the service is persistent (${rule.persistenceS} s, by the table of ${director}): a client stays with its real server`,
      remedy: on(director, edit),
    };
  const present = rule.realServers.map(({ ip }) => spec.hosts.find((host) => host.ip === ip)?.name);
  const missing = service.realServers.filter(({ name, weight }) => weight > 0 && !present.includes(name));
  if (missing.length > 0)
    return whyMissing(
      spec,
      service,
      missing.map(({ name }) => name),
      [director],
    );
  const odd = rule.realServers.flatMap(({ ip, port, weight }) => {
    const name = spec.hosts.find((host) => host.ip === ip)?.name;
    const meant = service.realServers.find((one) => one.name === name);
    return meant && meant.weight !== weight ? [{ name, ip, port, weight, meant: meant.weight }] : [];
  });
  if (odd.length > 0)
    return {
      cause: `${director} gives ${list(odd.map(({ name, weight, meant }) => `${name} the weight ${weight}, not ${meant}`))}`,
      remedy: on(
        director,
        ...odd.map(
          ({ name, ip, port, meant }) =>
            `ipvsadm -e ${entryOf(service)} -r ${ip}:${port} ${methodFlag(service, name ?? '')} -w ${meant}`,
        ),
      ),
    };
  return {
    cause: `scheduler, weights and persistence in the table of ${director} are the lab's: other connections came between, or they went past it`,
    remedy: toTellApart([
      ...on(director, 'ipvsadm -Lnc', 'ipvsadm -Ln --stats'),
      ...advice('see ARP-01 and PP-05'),
    ]),
  };
}

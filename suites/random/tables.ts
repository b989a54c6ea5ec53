import { freeAddresses } from '../../src/model/free-addresses.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import type { HostSpec, ServiceSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, type Kind, nameOf, on, ripOf } from './kind.ts';

/** A daemon fills the table after its start. */
function complete(service: ServiceSpec, server: HostSpec): string {
  const listed = `ipvsadm -Ln ${entryOf(service)} 2>/dev/null | grep -q " ${ripOf(server, service)}:"`;
  return `tries=0; until ${listed} || [ $tries -ge 300 ]; do sleep 0.1; tries=$((tries + 1)); done`;
}

interface Entry {
  director: HostSpec;
  service: ServiceSpec;
  server: HostSpec;
  weight: number;
}

const edit = (
  name: string,
  fits: (service: ServiceSpec) => boolean,
  say: (entry: Entry, from: Draw) => { what: string; command: string; about?: HostSpec },
  cause: RegExp,
): Kind => ({
  name,
  family: 'tables',
  draw(from) {
    const [director, service] = [from.active(), from.service(fits)];
    const server = from.serverOf(service);
    const weight = service.realServers.find((one) => one.name === server.name)?.weight ?? 1;
    const { what, command, about } = say({ director, service, server, weight }, from);
    const last = service.realServers.at(-1)?.name;
    const awaited = from.spec.hosts.find((host) => host.name === last) ?? server;
    return {
      hosts: about ? [director, about] : [director],
      breaks: `in the table of ${director.name}, ${nameOf(service)}: ${what}`,
      change: afterApply(() => on(director, complete(service, awaited), command)),
      cause,
    };
  },
});

const any = (): boolean => true;
const severalServers = ({ realServers }: ServiceSpec): boolean => realServers.length > 1;
const weighted = ({ scheduler, realServers }: ServiceSpec): boolean =>
  realServers.length > 1 && ['wrr', 'wlc'].includes(scheduler);
const spread = ({ scheduler, realServers }: ServiceSpec): boolean =>
  realServers.length > 1 && ['rr', 'wrr'].includes(scheduler);

const one = (service: ServiceSpec, server: HostSpec): string =>
  `${entryOf(service)} -r ${ripOf(server, service)}`;

export const tables = [
  edit(
    'weight-zero',
    severalServers,
    ({ service, server }) => ({
      what: `${server.name} has weight 0`,
      command: `ipvsadm -e ${one(service, server)} -g -w 0`,
      about: server,
    }),
    /weight/i,
  ),
  edit(
    'weight-other',
    weighted,
    ({ service, server, weight }, from) => {
      const other = from.one([7, 12]) * Math.max(1, weight);
      return {
        what: `${server.name} has weight ${other} instead of ${weight}`,
        command: `ipvsadm -e ${one(service, server)} -g -w ${other}`,
        about: server,
      };
    },
    /weight/i,
  ),
  edit(
    'method',
    any,
    ({ service, server, weight }, from) => {
      const [letter, word] = from.one([
        ['-i', 'TUN'],
        ['-m', 'NAT'],
      ] as const);
      return {
        what: `${server.name} by ${word}`,
        command: `ipvsadm -e ${one(service, server)} ${letter} -w ${weight}`,
        about: server,
      };
    },
    /\bTUN\b|tunnel|IPIP|\bNAT\b|masq/i,
  ),
  edit(
    'server-missing',
    severalServers,
    ({ service, server }) => ({
      what: `${server.name} is not there`,
      command: `ipvsadm -d ${one(service, server)}`,
      about: server,
    }),
    /not in the table|missing|left out|lacks|no entry/i,
  ),
  edit(
    'service-missing',
    any,
    ({ service }) => ({ what: 'the service is not there', command: `ipvsadm -D ${entryOf(service)}` }),
    /no (such )?service|service is (not there|missing)|missing|not in the table|no virtual service|lacks/i,
  ),
  edit(
    'service-port',
    ({ port }) => port < 65_535,
    ({ service, server }) => {
      const wrong = { ...service, port: service.port + 1 };
      return {
        what: `the service is on port ${wrong.port}`,
        command: `ipvsadm -D ${entryOf(service)}; ipvsadm -A ${entryOf(wrong)} -s ${service.scheduler}; ipvsadm -a ${one(wrong, server)} -g`,
      };
    },
    /no (such )?service|service is (not there|missing)|missing|not in the table|port|lacks/i,
  ),
  edit(
    'scheduler-other',
    spread,
    ({ service }, from) => {
      const other = from.one(['sh', 'dh', 'fo']);
      return {
        what: `scheduler ${other} instead of ${service.scheduler}`,
        command: `ipvsadm -E ${entryOf(service)} -s ${other}`,
      };
    },
    /scheduler/i,
  ),
  edit(
    'persistent',
    ({ persistenceS }) => persistenceS === 0,
    ({ service }, from) => {
      const seconds = from.one([60, 300]);
      return {
        what: `persistent for ${seconds} s`,
        command: `ipvsadm -E ${entryOf(service)} -s ${service.scheduler} -p ${seconds}`,
      };
    },
    /persisten/i,
  ),
  edit(
    'limit-of-connections',
    any,
    ({ service, server, weight }) => ({
      what: `${server.name} has an upper threshold of 1`,
      command: `ipvsadm -e ${one(service, server)} -g -w ${weight} -x 1`,
      about: server,
    }),
    /threshold|limit/i,
  ),
  edit(
    'server-too-many',
    any,
    ({ service }, from) => {
      const [ip = ''] = freeAddresses(from.spec, 1, { from: 'middle' });
      return {
        what: `${ip} is a real server, too`,
        command: `ipvsadm -a ${entryOf(service)} -r ${ip} -g -w 3`,
      };
    },
    /should not have|not declared|not in the lab|unknown|too many|extra|no real server of/i,
  ),
  edit(
    'timeouts',
    any,
    (_, from) => {
      const seconds = from.one([1, 2, 3]);
      return { what: `time-outs of ${seconds} s`, command: `ipvsadm --set ${seconds} ${seconds} ${seconds}` };
    },
    /time-?outs?/i,
  ),
];

import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { rereading } from '../failover/vrrp/stage.ts';
import { type Draw, type Drawn, type Kind, on } from './kind.ts';

/** What looks like a fault and is none: the lab file says so, or it has passed. No check may complain of it. */
const harmless = (name: string, draw: (from: Draw) => Drawn): Kind => ({ name, family: 'harmless', draw });

const declared =
  (change: (copy: LabSpec) => void) =>
  (spec: LabSpec): LabSpec => {
    const copy = structuredClone(spec);
    change(copy);
    return copy;
  };

const inFile = [
  harmless('declared-delay', (from) => {
    const [server, ms] = [from.realServer(), from.one([1, 2, 5])];
    return {
      hosts: [server],
      breaks: `the lab file gives the link of ${server.name} a delay of ${ms} ms`,
      change: declared(({ hosts }) => {
        const link = { delayUs: ms * 1000, jitterUs: 0, lossPercent: 0, rateBitPerS: 0 };
        for (const host of hosts) if (host.name === server.name) host.link = link;
      }),
    };
  }),
  harmless('declared-dummy', (from) => {
    const server = from.realServer();
    return {
      hosts: [server],
      breaks: `the lab file has the VIP of ${server.name} on dummy0`,
      change: declared(({ hosts }) => {
        for (const host of hosts)
          if (host.name === server.name && host.server) host.server.vipDevice = 'dummy0';
      }),
    };
  }),
  harmless('declared-weights', (from) => {
    const weight = from.one([4, 5, 9]);
    const director = from.active();
    return {
      hosts: [director],
      breaks: `the lab file gives every real server the weight ${weight}`,
      change: declared(({ services, hosts }) => {
        for (const { server } of hosts) if (server) server.weight = weight;
        for (const { realServers } of services) for (const one of realServers) one.weight = weight;
      }),
    };
  }),
  harmless('declared-scheduler', (from) => {
    const [director, service] = [from.active(), from.service(({ protocol }) => protocol === 'tcp')];
    const scheduler = from.one(['wlc', 'lc', 'wrr'].filter((name) => name !== service.scheduler));
    return {
      hosts: [director],
      breaks: `the lab file has the scheduler ${scheduler} for ${service.vip}:${service.port}`,
      change: declared(({ services }) => {
        for (const one of services)
          if (one.vip === service.vip && one.port === service.port) one.scheduler = scheduler;
      }),
    };
  }),
  harmless('declared-body', (from) => {
    const [server, bytes] = [from.realServer(), from.one([2_000, 20_000])];
    return {
      hosts: [server],
      breaks: `the lab file has ${server.name} answer with ${bytes} bytes more`,
      change: declared(({ hosts }) => {
        for (const host of hosts) if (host.name === server.name && host.server) host.server.bodyBytes = bytes;
      }),
    };
  }),
];

const passing = [
  harmless('neighbours-flushed', (from) => {
    const host = from.host('director', 'realServer', 'client', 'router');
    return {
      hosts: [host],
      breaks: `the neighbour table of ${host.name} was emptied`,
      change: afterApply(() => on(host, 'ip neigh flush all')),
    };
  }),
  harmless('process-too-many', (from) => {
    const host = from.host('director', 'realServer', 'client', 'router');
    return {
      hosts: [host],
      breaks: `a process sleeps on ${host.name}`,
      change: afterApply(() => on(host, 'sleep 7200 </dev/null >/dev/null 2>&1 &')),
    };
  }),
  harmless('pinged', (from) => {
    const [host, server] = [from.one(hostsOf(from.spec, 'client')), from.realServer()];
    return {
      hosts: [host],
      breaks: `${host.name} has pinged ${server.name}`,
      change: afterApply(() => on(host, `ping -c 2 -i 0.2 -W 1 ${server.ip} >/dev/null || :`)),
    };
  }),
  harmless('counters-zeroed', (from) => {
    const host = from.active();
    return {
      hosts: [host],
      breaks: `the counters of ${host.name} were set to zero`,
      change: afterApply(() => on(host, 'ipvsadm -Z')),
    };
  }),
  harmless('conf-read-again', (from) => {
    const host = from.one(from.spec.director.vrrp ? hostsOf(from.spec, 'director') : []);
    return {
      hosts: [host],
      breaks: `keepalived of ${host.name} has read its unchanged file again`,
      change: afterApply(() => `${rereading('s/^$//', `ip netns pids ${host.name}`)}\nsleep 1`),
    };
  }),
];

export const harmlessOnes = [...inFile, ...passing];

import { hostSpec, vipsOf } from '../../src/model/spec.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { list, realServersOf } from '../common/subjects.ts';
import { portOf, sceneAt, serversIn, tables } from '../common/tables.ts';
import { addService } from './extra-service.ts';

interface AllPorts {
  /** What ipvsadm said to a service on port 0 that is not persistent. */
  withoutPersistence: { code: number; said: string };
  ports: {
    port: number;
    outcome: string /** Real servers that the director sent its SYNs to. */;
    servers: string[];
  }[];
  /** Who sent resets for these ports: names of real servers and directors. */
  resetBy: string[];
}

/** Nobody listens there, and they are below those that a service on port 21 takes along. */
const unserved = [901, 902, 903];
const tries = 3;

/** ipvsadm(8): port 0 «may only be used if persistent». */
export const portZeroTakesAll = functional<AllPorts>({
  id: 'PST-05',
  suite: 'persistence',
  level: 'must',
  title: 'a service on port 0 must be persistent, and takes a client on all ports to one real server',
  requirement:
    'ipvsadm refuses port 0 without -p. With it, connections of one client to any port go to one real server, even where nothing listens.',
  source: 'ipvsadm(8) --tcp-service; Linux ip_vs_service_find()',
  needs: ['ipvs', 'director', 'capture', 'directClient', 'severalRealServers'],
  stage: tables,
  mutants: [
    {
      id: 'port-service',
      breaks: 'one of the ports also has a service of its own, which is not persistent',
      change: addService({ port: 902 }),
      reason: /port 902 .* and /,
    },
  ],
  async observe({ lab, evidence }) {
    const { service, prober, director, directorSpec } = await sceneAt(lab, portOf.persistent);
    const servers = realServersOf(lab.spec, service);
    const name = `-t ${service.vip}:0`;
    const refused = await director.exec(`ipvsadm -A ${name} -s rr; code=$?; ipvsadm -D ${name}; exit $code`, {
      okCodes: [0, 1, 2, 255],
    });
    const [client = ''] = clientAddresses(lab.spec).slice(5);
    const add = servers.map(({ ip }) => `ipvsadm -a ${name} -r ${ip} -g`).join('\n');
    await director.exec(`set -e\nipvsadm -A ${name} -s rr -p 300\n${add}`);
    const capture = await lab.capture({ filter: `tcp and host ${client}` });
    const outcomes: string[] = [];
    try {
      for (const port of unserved)
        outcomes.push(
          serversIn(await prober.requests({ ip: service.vip, port }, { count: tries, from: [client] })),
        );
    } finally {
      await director.exec(`ipvsadm -D ${name}`);
    }
    const pcap = await capture.stop();
    await evidence.save('all-ports.pcap', pcap);
    const frames = decodePcap(pcap);
    const nameOf = (mac: string) => lab.spec.hosts.find((host) => host.mac === mac)?.name ?? mac;
    return {
      withoutPersistence: { code: refused.code, said: refused.stderr.trim() },
      ports: unserved.map((port, i) => {
        const syns = frames.filter(
          (f) => f.src === directorSpec.mac && f.tcp?.dstPort === port && f.tcp.flags.syn,
        );
        return { port, outcome: outcomes[i] ?? '', servers: [...new Set(syns.map((f) => nameOf(f.dst)))] };
      }),
      resetBy: [
        ...new Set(
          frames
            .filter((f) => f.tcp?.flags.rst && unserved.includes(f.tcp.srcPort))
            .map((f) => hostSpec(lab.spec, nameOf(f.src)).name),
        ),
      ],
    };
  },
  judge({ withoutPersistence, ports, resetBy }, { spec }) {
    const expected = `port 0 refused without -p; SYNs to ports ${list(unserved.map(String))} on one real server, which resets them`;
    if (withoutPersistence.code === 0)
      return fail(expected, 'ipvsadm took a service on port 0 that is not persistent', {
        cause: 'this ipvsadm accepts what IPVS cannot schedule',
        remedy: on(everyHost(spec, 'director'), `ipvsadm -A -t ${vipsOf(spec)[0]}:0 -s rr -p 300`),
      });
    const split = ports.filter((one) => one.servers.length > 1);
    const servers = new Set(ports.flatMap((one) => one.servers));
    const seen = ports.map((one) => `port ${one.port} on ${list(one.servers)} (${one.outcome})`).join(', ');
    if (resetBy.length === 0 && ports.every((one) => one.servers.length === 0))
      return inconclusive(expected, `no frame was captured: ${seen}`);
    if (ports.every((one) => one.servers.length === 0))
      return fail(expected, `nothing was forwarded: ${seen}`, {
        cause: 'no persistent service on port 0 is in force',
        remedy: on(everyHost(spec, 'director'), `ipvsadm -A -t ${vipsOf(spec)[0]}:0 -s rr -p 300`),
      });
    if (split.length > 0 || servers.size !== 1)
      return fail(expected, seen, {
        cause: `port ${list(split.map((one) => String(one.port)))} has a service of its own, which takes precedence over port 0`,
        remedy: on(
          everyHost(spec, 'director'),
          'ipvsadm -Ln',
          ...split.map((one) => `ipvsadm -D -t ${vipsOf(spec)[0]}:${one.port}`),
        ),
      });
    if (resetBy.length === 0) return inconclusive(expected, `${seen}; no reset was seen`);
    if (resetBy.every((name) => servers.has(name)))
      return pass(expected, `${seen}; reset by ${list(resetBy)}`);
    return fail(expected, `${seen}; reset by ${list(resetBy)}`, {
      cause: 'another host answers for the VIP',
      remedy: [...on(everyHost(spec, 'director'), 'ipvsadm -Ln'), ...advice('see ARP-01')],
    });
  },
});

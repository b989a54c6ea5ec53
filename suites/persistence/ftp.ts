import type { Host } from '../../src/model/host.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { runProgram, startProgram } from '../../src/programs/index.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { nameOfRip, onService, portOf, sceneAt, serversIn, serviceAt, tables } from '../common/tables.ts';

interface Ftp {
  client: string;
  /** Where the control connection went, and how many of its frames the director sent on. */
  control: string;
  controlForwarded: number;
  /** Real servers that passive data connections were forwarded to. */
  passive: string[];
  /** What came of a data connection that the real server opened from VIP:20. */
  active: string;
  activeEntry: string[];
  templates: { cip: string; vport: number; server: string }[];
  /** A connection from port 20 of a client, to the service itself. */
  fromDataPort: { outcome: string; forwarded: number };
}

const passivePort = 30_021;
const dataPort = 20;
const listenPort = 41_000;
const listenLimitS = 8;

/** Linux ip_vs_core.c: a service on port 21 covers ports 20 and 1024 upwards; source port 20 is never scheduled. */
export const ftpDataFollows = functional<Ftp>({
  id: 'PST-06',
  suite: 'persistence',
  level: 'should',
  title: 'FTP data connections follow the control connection',
  requirement:
    'With a persistent service on port 21 passive and active data connections of a client reach the real server of its control connection, and nothing from port 20 is scheduled.',
  source: 'Linux ip_vs_service_find(), ip_vs_schedule(); LVS-HOWTO, FTP',
  needs: ['ipvs', 'director', 'capture', 'directClient', 'severalRealServers'],
  stage: tables,
  mutants: [
    {
      id: 'not-persistent',
      breaks: 'the FTP service is not persistent',
      change: onService(portOf.ftp, { persistenceS: 0 }),
      reason: /data connections were refused/,
    },
  ],
  async observe({ lab, evidence }) {
    const { service, prober, target, director, directorSpec, clientHost } = await sceneAt(lab, portOf.ftp);
    const [client = '', other = ''] = clientAddresses(lab.spec).slice(6);
    const capture = await lab.capture({ filter: `tcp and (host ${client} or host ${other})` });
    const control = serversIn(await prober.requests(target, { count: 1, from: [client] }));
    await prober.requests({ ip: service.vip, port: passivePort }, { count: 3, from: [client] });
    const server = lab.spec.hosts.find((host) => host.name === control);
    const active = server
      ? await activeData(clientHost, client, lab.host(server.name), service.vip)
      : 'no control connection';
    const table = await ipvs.connections(director);
    const [odd] = await prober.requests(target, { count: 1, from: [other], fromPort: dataPort });
    const pcap = await capture.stop();
    await evidence.save('ftp.pcap', pcap);
    const frames = decodePcap(pcap);
    const forwarded = frames.filter((frame) => frame.src === directorSpec.mac);
    const nameOf = (mac: string) => lab.spec.hosts.find((host) => host.mac === mac)?.name ?? mac;
    const passive = forwarded.filter((frame) => frame.tcp?.dstPort === passivePort);
    return {
      client,
      control,
      controlForwarded: forwarded.filter(
        (frame) => frame.tcp?.dstPort === target.port && frame.ip?.src === client,
      ).length,
      passive: [...new Set(passive.map((frame) => nameOf(frame.dst)))],
      active,
      activeEntry: table
        .filter((row) => row.cip === client && row.vport === dataPort)
        .map((row) => nameOfRip(lab.spec, row.rip)),
      templates: table
        .filter((row) => row.cip === client && row.cport === 0)
        .map((row) => ({ cip: row.cip, vport: row.vport, server: nameOfRip(lab.spec, row.rip) })),
      fromDataPort: {
        outcome: odd?.server ?? odd?.error ?? '',
        forwarded: forwarded.filter((frame) => frame.ip?.src === other).length,
      },
    };
  },
  judge(
    { client, control, controlForwarded, passive, active, activeEntry, templates, fromDataPort },
    { spec },
  ) {
    const expected = `passive and active data of ${client} on ${control}, one template with port 0, nothing from port ${dataPort} forwarded`;
    if (!spec.hosts.some((host) => host.name === control))
      return inconclusive(expected, `the control connection: ${control}`);
    const seen = `passive on ${list(passive)}, active ${active}, by an entry to ${list(activeEntry)}; templates ${list(templates.map((one) => `to port ${one.vport} on ${one.server}`))}; from port ${dataPort} ${fromDataPort.outcome}, ${fromDataPort.forwarded} frames forwarded`;
    if (fromDataPort.outcome === 'local-port')
      return inconclusive(expected, `port ${dataPort} of the client was taken: ${seen}`);
    if (controlForwarded === 0)
      return inconclusive(expected, `no frame of the control connection was captured: ${seen}`);
    if (passive.length === 0)
      return fail(expected, `data connections were refused: ${seen}`, {
        cause: `the service on port ${portOf.ftp} is not persistent, so no other port belongs to it`,
        remedy: on(
          everyHost(spec, 'director'),
          `ipvsadm -E ${entryOf(serviceAt(spec, portOf.ftp))} -s rr -p 300`,
        ),
      });
    const together = [...passive, ...activeEntry, ...templates.map((one) => one.server)];
    const good =
      together.every((name) => name === control) &&
      active === 'transferred' &&
      activeEntry.length === 1 &&
      templates.length === 1 &&
      templates[0]?.vport === 0 &&
      fromDataPort.forwarded === 0;
    if (good) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'data connections do not follow the control connection',
      remedy: [
        ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
        ...advice(
          `the service on port ${portOf.ftp} must be persistent, and alone on ports 20 and 1024 upwards`,
        ),
      ],
    });
  },
});

/** The real server opens a connection from VIP:20 to the client, as active FTP does. */
async function activeData(client: Host, cip: string, server: Host, vip: string): Promise<string> {
  await using listener = await startProgram(client, 'receive-line', [cip, listenPort, listenLimitS]);
  const lines = listener.lines()[Symbol.asyncIterator]();
  await lines.next();
  const words = [vip, dataPort, cip, listenPort, 'transferred'];
  const [[sent, ...why] = []] = await runProgram(server, 'send-line', words);
  if (sent !== 'sent') return `not connected (${why.join(' ').slice(0, 60)})`;
  const line = await lines.next();
  return line.done ? 'nothing arrived' : String(line.value).trim();
}

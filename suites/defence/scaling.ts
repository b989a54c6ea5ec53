import type { Host } from '../../src/model/host.ts';
import type { Figure } from '../../src/model/measurement.ts';
import { deviceOf, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { flood } from '../../src/probe/flood.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { functional } from '../common/coassert.ts';
import { entriesByState, framesInto, total } from '../common/entries.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { portOf, sceneAt, serversIn, tables } from '../common/tables.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { latencies } from './figures.ts';

interface Scaled {
  loadMs: number;
  /** Services and real servers that were added, as read back. */
  services: number;
  servers: number;
  /** Added services that were tried, and which of those have an entry for it. */
  tried: number[];
  reached: number[];
  entries: number;
  sent: number;
  /** Frames that the director took in during the flood. */
  received: number;
  /** µs of connections to an old service, before anything was added and after. */
  beforeUs: number[];
  afterUs: number[];
  after: string;
}

const wanted = { services: 1_000, servers: 256, entries: 10_000 };
const firstPort = 20_000;
/** The service that has all the added real servers. */
const widePort = firstPort + wanted.services;
const asked = 10;

/** The services have one real server each, of the lab; those of the wide one are addresses that nobody has. */
function ruleTexts(spec: LabSpec, vip: string, servers: string[]): { add: string; remove: string } {
  const rip = hostsOf(spec, 'realServer')[0]?.ip ?? '';
  const ports = Array.from({ length: wanted.services }, (_, i) => firstPort + i);
  const narrow = ports.map((port) => `-A -t ${vip}:${port} -s rr\n-a -t ${vip}:${port} -r ${rip} -g -w 1\n`);
  const wide = servers.map((server) => `-a -t ${vip}:${widePort} -r ${server} -g -w 1\n`);
  return {
    add: `${narrow.join('')}-A -t ${vip}:${widePort} -s mh\n${wide.join('')}`,
    remove: [...ports, widePort].map((port) => `-D -t ${vip}:${port}\n`).join(''),
  };
}

/** ip_vs_ctl.c: services are hashed into 256 buckets; ip_vs_mh.c: a table of 4093 places for at most as many real servers. */
export const manyRulesWork = functional<Scaled>({
  id: 'SCL-01',
  suite: 'defence',
  level: 'should',
  title: '1,000 services, 256 real servers and 10,000 entries at once',
  requirement:
    'A director accepts 1,000 services and one with 256 real servers (mh), forwards for them, and serves others as before with 10,000 entries in its table.',
  source: 'Linux ip_vs_ctl.c, ip_vs_mh.c',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: tables,
  timeoutMs: 90_000,
  mutants: [
    {
      id: 'packets-dropped',
      breaks: 'drop_packet=3: the director drops every tenth new connection',
      change: sysctls('director', { 'net.ipv4.vs.drop_packet': '3' }),
      reason: /[89]\d{3} of 10000 entries/,
    },
  ],
  async observe({ lab, note }) {
    const scene = await sceneAt(lab, portOf.many);
    const { director, prober, target, service, clientHost } = scene;
    const [source = '', ...servers] = unusedSources(lab.spec, 20 + wanted.servers).slice(19);
    const { add, remove } = ruleTexts(lab.spec, service.vip, servers);
    await prober.requests(target, { count: asked });
    const before = await prober.requests(target, { count: asked });
    const loadMs = await restore(director, add);
    note(`${wanted.services} services loaded in ${loadMs} ms`);
    try {
      const rules = (await ipvs.rules(director)).filter((rule) => rule.port >= firstPort);
      const tried = [firstPort, firstPort + wanted.services / 2, widePort - 1];
      const common = { ...sentFrom(source, scene), fromPort: 30_000, count: 1, validChecksum: false };
      for (const dstPort of tried) await flood(clientHost, { ...common, dstPort });
      const table = await ipvs.connections(director);
      const device = deviceOf(scene.directorSpec);
      const framesBefore = await framesInto(director, device);
      await flood(clientHost, { ...common, dstPort: service.port, count: wanted.entries });
      const received = (await framesInto(director, device)) - framesBefore;
      const answers = await prober.requests(target, { count: asked });
      const rows = await entriesByState(director, source, service.port);
      const narrow = rules.filter((rule) => rule.port < widePort);
      return {
        loadMs,
        services: narrow.length,
        servers: rules.find((rule) => rule.port === widePort)?.realServers.length ?? 0,
        tried,
        reached: tried.filter((port) => table.some((row) => row.cip === source && row.vport === port)),
        sent: wanted.entries,
        received,
        entries: total(rows),
        beforeUs: before.map((answer) => answer.latencyUs),
        afterUs: answers.map((answer) => answer.latencyUs),
        after: serversIn(answers),
      };
    } finally {
      await restore(director, remove);
    }
  },
  judge(
    { loadMs, services, servers, tried, reached, entries, sent, received, beforeUs, afterUs, after },
    { spec },
  ) {
    const expected = `${wanted.services} services and ${wanted.servers} real servers read back, ${sent} of ${sent} entries, old services served`;
    if (entries === 0) return inconclusive(expected, 'none of our SYNs created an entry');
    if (received < sent)
      return inconclusive(expected, `only ${received} of ${sent} SYNs reached the director`);
    const seen = `${services} services and ${servers} real servers loaded in ${loadMs} ms, ${entries} of ${sent} entries; ports ${list(reached.map(String))} of ${list(tried.map(String))} forwarded; an old service answered by ${after}`;
    const figures: Figure[] = [
      { name: 'loading 1,257 rules', value: loadMs, unit: 'ms', better: 'lower' },
      ...latencies('connection with small tables', beforeUs),
      ...latencies('connection with large tables', afterUs),
    ];
    const good =
      services === wanted.services &&
      servers === wanted.servers &&
      reached.length === tried.length &&
      entries === sent &&
      !after.includes('?');
    if (good) return pass(expected, seen, { figures });
    return fail(expected, seen, {
      cause: 'the director refuses rules, drops new connections or entries, or is out of memory',
      remedy: on(
        everyHost(spec, 'director'),
        'dmesg',
        'sysctl net.ipv4.vs.drop_packet net.ipv4.vs.drop_entry',
      ),
      figures,
    });
  },
});

/** Feeds rules to `ipvsadm -R`, and returns how many milliseconds that took there. */
async function restore(director: Host, text: string): Promise<number> {
  const { stdout } = await director.exec(
    'start=$(date +%s%N); ipvsadm -R || exit 1; echo $(( ($(date +%s%N) - start) / 1000000 ))',
    { input: text, timeoutMs: 60_000 },
  );
  return Number(stdout.trim());
}

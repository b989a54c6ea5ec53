import { announcersOf, listenersOf, type Speaker } from '../../src/model/announced.ts';
import { check } from '../../src/model/check.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { RemedyStep } from '../../src/model/remedy.ts';
import { hostSpec, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from '../common/barrier.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { clientOf, hostOfMac, list } from '../common/subjects.ts';
import { nameOfRip } from '../common/tables.ts';
import { onLastDirector } from './mutants.ts';
import { announced, announcedService, ownAnnounced } from './stage.ts';

/*
 *   router ──SYN of one flow──▶ a1 ──▶ rs2       the same flow is handed to each director, as ECMP would
 *          ──the same SYN─────▶ a2 ──▶ rs2 ?     after the loss of another
 */

interface Mapped {
  directors: string[];
  /** By flow: the real server that each director sent it to, in their order; '' for none. */
  flows: string[][];
  /** By director: the rule of the service as the kernel has it. */
  tables: string[];
}

const flowCount = 48;

/** Hands the SYN of each flow to each of these directors. */
export async function mapFlows(
  lab: Lab,
  service: ServiceSpec,
  { firstPort, count, directors }: { firstPort: number; count: number; directors: Speaker[] },
) {
  const { spec } = lab;
  const client = clientOf(spec);
  const [listener] = listenersOf(spec);
  if (!listener) throw new Error('no router hears announcements');
  const router = lab.host(listener.host.name);
  const capture = await lab.capture({
    filter: `tcp and src host ${client.ip} and dst host ${service.vip} and dst port ${service.port} and tcp[tcpflags] & tcp-syn != 0`,
    snapLengthBytes: 96,
  });
  for (const { host, leg } of directors) {
    const frames = Array.from({ length: count }, (_, i) =>
      tcpFrame({
        srcMac: listener.leg.mac,
        dstMac: leg.mac,
        srcIp: client.ip,
        dstIp: service.vip,
        srcPort: firstPort + i,
        dstPort: service.port,
        seq: 1,
        flags: ['syn'],
      }),
    );
    await inject(router, frames, { device: listener.leg.device });
    const rips = service.realServers.map(({ name }) => hostSpec(spec, name).ip);
    await barrier(lab.host(host.name), [listener.leg.ip], rips);
  }
  const pcap = await capture.stop();
  const to = new Map<string, string>();
  for (const { src, dst, tcp } of decodePcap(pcap)) {
    const [from, server] = [hostOfMac(spec, src), hostOfMac(spec, dst)];
    if (from?.role === 'director' && server?.role === 'realServer')
      to.set(`${from.name} ${tcp?.srcPort}`, server.name);
  }
  const flows = Array.from({ length: count }, (_, i) =>
    directors.map(({ host }) => to.get(`${host.name} ${firstPort + i}`) ?? ''),
  );
  return { pcap, directors: directors.map(({ host }) => host.name), flows };
}

/** Of a service, in one line: what decides where flows go. */
async function tableOf(lab: Lab, director: string, service: ServiceSpec): Promise<string> {
  const found = (await ipvs.rules(lab.host(director))).find((rule) => ipvs.isOf(rule, service));
  if (!found) return '';
  const { stdout } = await lab.host(director).exec('exec ipvsadm -Sn');
  const flags = new RegExp(`^-A ${entryOf(service)} .*-b (\\S+)`, 'm').exec(stdout)?.[1] ?? '';
  const servers = found.realServers.map(({ ip, weight }) => `${nameOfRip(lab.spec, ip)}=${weight}`);
  return [`${found.scheduler}${flags && ` (${flags})`}`, ...servers].join(' ');
}

export const directorsMapAlike = check<Mapped>({
  id: 'ANY-03',
  suite: 'anycast',
  level: 'must',
  title: 'all directors send a flow to the same real server',
  requirement:
    'Directors that a flow may come to choose the same real server for it: same scheduler, flags, real servers, weights and order.',
  source: 'Linux ip_vs_mh.c, ip_vs_sh.c; RFC 2992 §3 (disruption)',
  needs: ['capture', 'inject', 'announcedVips', 'ipvs'],
  announced: true,
  stage: announced,
  own: ownAnnounced({ hashes: true }),
  mutants: [
    {
      id: 'other-weight',
      breaks: 'a real server has another weight on one director',
      change: onLastDirector((spec) => edited(spec, 9)),
      reason: /a4 sends \d+ of 48 flows.*weight/s,
    },
    {
      id: 'other-flags',
      breaks: 'one director hashes by address alone (mh-port is missing)',
      change: onLastDirector((spec) => {
        const service = announcedService(spec);
        return `ipvsadm -E ${entryOf(service)} -s ${service.scheduler}`;
      }),
      reason: /a4 sends \d+ of 48 flows.*mh rs1/s,
    },
  ],
  async observe({ lab, evidence }) {
    const service = announcedService(lab.spec);
    const { pcap, directors, flows } = await mapFlows(lab, service, {
      firstPort: craftedPort.mapped,
      count: flowCount,
      directors: announcersOf(lab.spec),
    });
    await evidence.save('flows.pcap', pcap);
    const tables = await Promise.all(directors.map((name) => tableOf(lab, name, service)));
    return { directors, flows, tables };
  },
  judge({ directors, flows, tables }, { spec }) {
    const service = announcedService(spec);
    const expected = `${directors.length} directors send each of ${flowCount} flows to the same real server`;
    const whole = flows.filter((some) => some.every((name) => name !== ''));
    const deaf = directors.filter((_, i) => flows.every((some) => some[i] === ''));
    if (directors.length < 2) return inconclusive(expected, 'there is one director');
    if (deaf.length > 0) return inconclusive(expected, `${list(deaf)} sent no flow to a real server`);
    if (whole.length < flowCount / 2)
      return inconclusive(expected, `${whole.length} of ${flowCount} flows were seen behind each director`);
    const usual = whole.map(mostOf);
    const off = directors
      .map((name, i) => ({ name, i, count: whole.filter((some, k) => some[i] !== usual[k]).length }))
      .filter(({ count }) => count > 0);
    if (off.length === 0) return pass(expected, `all agree about ${whole.length} flows`);
    const meant = mostOf(tables);
    const said = off.map(
      ({ name, count }) => `${name} sends ${count} of ${whole.length} flows to another real server`,
    );
    const differing = off.map(({ name, i }) => differenceOf(name, tables[i] ?? '', meant));
    return fail(expected, said.join('; '), {
      cause: differing.join('; '),
      remedy: off.flatMap(({ name, i }) => remedyOf(spec, service, name, { has: tables[i] ?? '', meant })),
    });
  },
});

/** Mutant: the first real server weighs this. */
const edited = (spec: LabSpec, weight: number): string => {
  const service = announcedService(spec);
  const server = hostSpec(spec, service.realServers[0]?.name ?? '');
  return `ipvsadm -e ${entryOf(service)} -r ${server.ip}:${service.port} -g -w ${weight}`;
};

/** What most have; of equals the first. */
function mostOf(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0] as [string, number])[0];
}

function differenceOf(name: string, has: string, meant: string): string {
  if (has === meant)
    return `${name} has the table of the others and chooses otherwise: another kernel or hash key`;
  const sorted = (text: string): string => text.split(' ').sort().join(' ');
  const what =
    sorted(has) === sorted(meant)
      ? 'order'
      : /=/.test(has) && head(has) === head(meant)
        ? 'weight or real servers'
        : 'scheduler or flags';
  return `${name} has another table (${what}): ${has || 'nothing'}, and the others ${meant}`;
}

const head = (table: string): string => table.replace(/ \S+=.*/, '');

/** Everything as the lab file has it, in its order. */
function remedyOf(
  spec: LabSpec,
  service: ServiceSpec,
  name: string,
  { has, meant }: { has: string; meant: string },
): RemedyStep[] {
  const { scheduler, schedulerFlags = [] } = service;
  const flags = schedulerFlags.length > 0 ? ` -b ${schedulerFlags.join(',')}` : '';
  if (head(has) !== head(meant)) return on(name, `ipvsadm -E ${entryOf(service)} -s ${scheduler}${flags}`);
  const weights = (table: string) => new Set(table.split(' ').filter((word) => word.includes('=')));
  const wrong = [...weights(meant)].filter((word) => !weights(has).has(word));
  const steps = wrong.map((word) => {
    const [server = '', weight = ''] = word.split('=');
    return `ipvsadm -e ${entryOf(service)} -r ${hostSpec(spec, server).ip}:${service.port} -g -w ${weight}`;
  });
  return on(name, ...(steps.length > 0 ? steps : ['ipvsadm -Sn']));
}

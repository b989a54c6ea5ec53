import { hasIpvs } from '../../src/model/director-kinds.ts';
import type { Host } from '../../src/model/host.ts';
import { entryOf } from '../../src/model/ipvs-words.ts';
import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { runProgram } from '../../src/programs/index.ts';
import { CannotHere, NotInLab } from '../../src/util/errors.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { clientAddresses } from '../common/stages.ts';
import { clientOf, list } from '../common/subjects.ts';
import { nameOfRip, portOf, sceneAt, serviceAt, tables } from '../common/tables.ts';

interface Calls {
  /** One datagram each, in this order; no server: no answer. */
  messages: { call: string; server?: string }[];
  templates: { engine: string; call: string; server: string }[];
}

const calls = ['call-a', 'call-b', 'call-c'];
const perCall = 3;

const isSip = ({ persistenceEngine, vip, realServers }: ServiceSpec): boolean =>
  persistenceEngine === 'sip' && !isIpv6(vip) && realServers.filter(({ weight }) => weight > 0).length > 1;

/** That of the stage, or the first of the lab as written. */
function sipService(spec: LabSpec): ServiceSpec {
  if (spec.stage !== undefined) return serviceAt(spec, portOf.sip);
  const service = spec.services.find(isSip);
  if (!service) throw new NotInLab(`lab «${spec.name}» has no service with the persistence engine sip`);
  return service;
}

/** Linux ip_vs_pe_sip.c: what makes a client is the Call-ID of SIP over UDP. */
export const callsStick = functional<Calls>({
  id: 'PST-07',
  suite: 'persistence',
  level: 'should',
  title: 'the SIP engine keeps calls together, not clients',
  requirement:
    'With --pe sip all datagrams of one Call-ID go to one real server, whatever port they come from; other calls of the same client may go elsewhere.',
  source: 'ipvsadm(8) --pe; Linux ip_vs_pe_sip.c',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  stage: tables,
  own: {
    subject: 'a udp service with the persistence engine sip',
    has: (spec) => hasIpvs(spec.director.kind) && spec.services.some(isSip),
    needs: ['ipvs', 'director'],
    vantages: { clients: true, services: { protocol: 'udp', fits: isSip } },
  },
  mutants: [
    {
      id: 'no-engine',
      breaks: 'the service is persistent by client address: --pe was left out',
      change: onDirectors((spec) => `ipvsadm -E ${entryOf(sipService(spec))} -s rr -p 300`),
      reason: /no template of the engine/,
    },
  ],
  async observe({ lab, evidence }) {
    const { port } = sipService(lab.spec);
    const { service, director, clientHost, entries } = await sceneAt(lab, port);
    await demandEngine(director);
    const [client = ''] =
      lab.spec.stage === undefined ? [clientOf(lab.spec).ip] : clientAddresses(lab.spec).slice(8);
    const order = Array.from({ length: perCall }, () => calls).flat();
    const said = await sendCalls(clientHost, client, service, order);
    const templates = (await entries()).filter((row) => isTemplate(row) && row.cip === client);
    await evidence.save('connections.txt', await ipvs.text(director));
    return {
      messages: order.map((call, i) => ({ call, ...(said[i] ? { server: said[i] } : {}) })),
      templates: templates.map((row) => ({
        engine: row.engine?.name ?? '',
        call: row.engine?.data ?? '',
        server: nameOfRip(lab.spec, row.rip),
      })),
    };
  },
  judge({ messages, templates }, { spec }) {
    const expected = `one template of the engine for each of ${list(calls)}, each call on one real server, not all on the same`;
    if (messages.every((one) => one.server === undefined))
      return inconclusive(expected, 'no datagram was answered');
    const remedy = on(
      everyHost(spec, 'director'),
      `ipvsadm -E ${entryOf(sipService(spec))} -s rr -p 300 --pe sip`,
    );
    const serversOf = (call: string) => [
      ...new Set(messages.filter((one) => one.call === call).map((one) => one.server ?? '? (timeout)')),
    ];
    const seen = calls.map((call) => `${call} on ${list(serversOf(call))}`).join(', ');
    const ours = templates.filter((one) => one.engine === 'sip');
    if (ours.length === 0)
      return fail(expected, `${seen}; no template of the engine`, {
        cause: 'the service tells clients apart by address, not by Call-ID',
        remedy,
      });
    const good =
      calls.every((call) => serversOf(call).length === 1 && !serversOf(call)[0]?.startsWith('?')) &&
      calls.every((call) => ours.some((one) => one.call === call && one.server === serversOf(call)[0])) &&
      new Set(calls.flatMap(serversOf)).size > 1;
    if (good) return pass(expected, `${seen}; ${ours.length} templates of the engine`);
    return fail(expected, `${seen}; templates ${list(ours.map((one) => `${one.call} ${one.server}`))}`, {
      cause: 'datagrams of one Call-ID are not kept together',
      remedy,
    });
  },
});

/** A service that nobody uses, only to see whether the kernel has the engine. */
async function demandEngine(director: Host): Promise<void> {
  const { code, stderr } = await director.exec(
    'ipvsadm -A -f 64999 -s rr -p 60 --pe sip; code=$?; ipvsadm -D -f 64999; exit $code',
    { okCodes: [0, 1, 2, 255] },
  );
  if (code !== 0) throw new CannotHere(`the director has no SIP persistence engine: ${stderr.trim()}`);
}

/** One datagram for each Call-ID, each from a port of its own; the names of who answered, or empty. */
async function sendCalls(
  client: Host,
  cip: string,
  { vip, port }: ServiceSpec,
  order: string[],
): Promise<string[]> {
  const rows = await runProgram(client, 'sip-calls', [cip, vip, port, ...order]);
  return rows.map(([name = '']) => name.trim());
}

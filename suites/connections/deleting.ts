import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, check } from '../../src/model/check.ts';
import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { inStage } from '../common/stages.ts';
import { list } from '../common/subjects.ts';
import { forgetting, portOf, sceneOf, tables } from '../common/tables.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Deleted {
  server: string;
  /** On connections that the deleted real server held: an answer, or the error. */
  whileGone: string[];
  entriesWhileGone: number;
  /** The same once the real server is back. */
  afterReturn: string[];
}

/** Silence is told from slowness by this; a reset is waited for much longer, since it ends the wait. */
const silenceMs = 1_000;
const resetMs = 4_000;

/** The kernel's timer takes an entry away a moment after the packet that found its server gone. */
const entryGoneMs = 500;
/** Between two looks at the table: without a pause there would be no end of them where looking takes no time. */
const lookMs = 25;

const about = (
  askMs: number,
  leavesMs: number,
): Omit<Check<Deleted>, 'requirement' | 'mutants' | 'judge' | 'stage' | 'title'> => ({
  id: 'CT-04',
  suite: 'connections',
  level: 'must',
  source: 'ipvs-sysctl.rst (expire_nodest_conn); Linux ip_vs_in()',
  needs: ['ipvs', 'director', 'directClient', 'severalRealServers'],
  async observe({ lab }) {
    const { service, director, prober, target, entries } = await sceneOf(
      lab,
      connectionsOf(lab.spec, portOf.deleted, { rotates: true }),
    );
    const held = await prober.hold(target, { count: service.realServers.length });
    const server = held.answers.find((answer) => answer.server)?.server ?? '';
    if (server === '') return { server, whileGone: [], entriesWhileGone: 0, afterReturn: [] };
    const own = <T>(all: T[]): T[] => all.filter((_, i) => held.answers[i]?.server === server);
    const words = async (timeoutMs: number) =>
      own(await held.ask(timeoutMs)).map((one) => (one.ok ? (one.server ?? '') : (one.error ?? '')));
    const ports = own(held.answers).map((one) => one.localPort);
    const rip = `${entryOf(service)} ${destinationOf(lab.spec, service, server)}`;
    await director.exec(`exec ipvsadm -d ${rip}`);
    const weight = service.realServers.find(({ name }) => name === server)?.weight ?? 1;
    let back = false;
    const putBack = async () => {
      if (!back) await director.exec(`exec ipvsadm -a ${rip} -g -w ${weight}`);
      back = true;
    };
    try {
      const whileGone = await words(askMs);
      const ours = async () => (await entries()).filter((row) => ports.includes(row.cport));
      const latestMs = performance.now() + leavesMs;
      let rows = await ours();
      while (rows.length > 0 && performance.now() < latestMs) {
        await sleep(lookMs);
        rows = await ours();
      }
      await putBack();
      // Long enough for the client's TCP to send again what was dropped.
      return { server, whileGone, entriesWhileGone: rows.length, afterReturn: await words(8_000) };
    } finally {
      await putBack();
      await held.close();
    }
  },
});

const ownDeleted = (isReset: boolean) =>
  ownConnections(
    `a tcp service of DR with rr, and expire_nodest_conn=${isReset ? 1 : 0}`,
    { rotates: true },
    {
      settable: true,
      changes: true,
      where: (sysctl) => (sysctl('net.ipv4.vs.expire_nodest_conn', '0') !== '0') === isReset,
      how: { needs: ['ipvs', 'director', 'severalRealServers'], disturbs: true },
    },
  );

/** By default nothing tells a client that its real server was deleted. */
export const deletedServerIsSilent = check<Deleted>({
  ...about(silenceMs, 0),
  title: 'connections of a deleted real server hang, and go on when it returns',
  requirement:
    'With expire_nodest_conn=0 packets of a connection whose real server was deleted are dropped without a word; when it is added again the connection continues.',
  stage: tables,
  own: ownDeleted(false),
  mutants: [
    {
      id: 'entries-expire',
      breaks: 'expire_nodest_conn=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.expire_nodest_conn': '1' }),
      reason: /were reset/,
    },
  ],
  judge({ server, whileGone, entriesWhileGone, afterReturn }, { spec }) {
    const expected = `connections of ${server} time out while it is deleted, and are answered by it afterwards`;
    if (whileGone.length === 0) return inconclusive(expected, 'no connection was answered');
    const seen = `deleted: ${list(whileGone)}, ${entriesWhileGone} entries; added again: ${list(afterReturn)}`;
    if (whileGone.includes('reset'))
      return fail(expected, `they were reset: ${seen}`, {
        cause: 'entries without a real server expire at once',
        remedy: on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_nodest_conn=0'),
      });
    if (whileGone.every((word) => word === 'timeout') && afterReturn.every((word) => word === server))
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the entry of the connection was lost, or somebody else answers',
      remedy: on(everyHost(spec, 'director'), 'ipvsadm -Lnc', 'ipvsadm -Ln'),
    });
  },
});

/** What a client needs to connect again at once. */
export const deletedServerResets: Check = {
  ...inStage(
    forgetting,
    check<Deleted>({
      ...about(resetMs, entryGoneMs),
      title: 'connections of a deleted real server are reset, where they shall',
      requirement:
        'With expire_nodest_conn=1 the entry goes with the real server, and the next packet of its connection is answered by a reset.',
      mutants: [
        {
          id: 'entries-stay',
          breaks: 'expire_nodest_conn was left at 0: clients of a deleted real server hang',
          change: sysctls('director', { 'net.ipv4.vs.expire_nodest_conn': '0' }),
          reason: /deleted: timeout/,
        },
      ],
      judge({ server, whileGone, entriesWhileGone, afterReturn }, { spec }) {
        const expected = `connections of ${server} are reset once it is deleted, and their entries gone`;
        if (whileGone.length === 0) return inconclusive(expected, 'no connection was answered');
        const seen = `deleted: ${list(whileGone)}, ${entriesWhileGone} entries; added again: ${list(afterReturn)}`;
        if (whileGone.every((word) => word === 'reset') && entriesWhileGone === 0)
          return pass(expected, seen);
        return fail(expected, seen, {
          cause: whileGone.includes('timeout')
            ? 'packets of entries without a real server are dropped'
            : 'the entry outlived the real server',
          remedy: on(everyHost(spec, 'director'), 'sysctl -w net.ipv4.vs.expire_nodest_conn=1'),
        });
      },
    }),
  ),
  own: ownDeleted(true),
};

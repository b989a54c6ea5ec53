import { type Check, check } from '../../../src/model/check.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { sysctls } from '../../common/mutate.ts';
import { advice, everyHost, on } from '../../common/remedy.ts';
import { count, list } from '../../common/subjects.ts';
import { onService } from '../../common/tables.ts';
import { type Faded, faded } from './faded.ts';
import { health, healthForgetting, ports } from './stage.ts';
import { membersAt } from './watching.ts';

const needs: Check['needs'] = [
  'capture',
  'ipvs',
  'healthChecks',
  'answerFault',
  'severalRealServers',
  'directClient',
];

/** Why the observation shows nothing of what became of connections. */
function unfit({ server, tables, held, known }: Faded): string | undefined {
  if (server in tables.removed && (tables.removed[server] ?? 0) > 0)
    return `${server} was not taken out: ${server} has weight ${tables.removed[server]} (see HC-01@wrong)`;
  if (held.removed.length === 0 || held.quiesced.length === 0) return `${server} held no connection before`;
  if (known.client === '') return `no client had a template for ${server}`;
  return undefined;
}

const wordsOf = ({ server, held, heldAfterReturn, known }: Faded): string =>
  `connections that ${server} held: ${list(held.removed)} where it was removed (${list(heldAfterReturn)} after its return), ${list(held.quiesced)} where it was quiesced; ${known.client}, which has a template for it: ${list(known.answers)}`;

const notQuiesced = {
  id: 'not-quiesced',
  breaks: 'the service that should quiesce removes (no inhibit_on_failure)',
  change: onService(ports.quiesced, { inhibitOnFailure: false }),
};

/** keepalived.conf(5) inhibit_on_failure; ipvs-sysctl.rst expire_nodest_conn, expire_quiescent_template. */
export const removedOrQuiesced = check<Faded>({
  id: 'HC-10',
  suite: 'failover',
  level: 'should',
  title: 'connections of a removed real server hang, those of a quiesced one continue',
  requirement:
    'By default clients of a real server that a health check removed wait in vain and continue when it returns; where it is quiesced they continue at once, and clients with a template stay with it.',
  source:
    'keepalived.conf(5) inhibit_on_failure; ipvs-sysctl.rst expire_nodest_conn, expire_quiescent_template',
  needs,
  stage: health,
  mutants: [
    { ...notQuiesced, reason: /timeout where it was quiesced/ },
    {
      id: 'entries-expire',
      breaks: 'expire_nodest_conn=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.expire_nodest_conn': '1' }),
      reason: /reset where it was removed/,
    },
    {
      id: 'templates-expire',
      breaks: 'expire_quiescent_template=1 on the director',
      change: sysctls('director', { 'net.ipv4.vs.expire_quiescent_template': '1' }),
      reason: /template for it: rs[23]/,
    },
  ],
  observe: faded,
  judge(observation, { spec }) {
    const { server, held, heldAfterReturn, known } = observation;
    const expected = `held by ${server}: timeout where it was removed, and ${server} after its return; ${server} where it was quiesced; ${server} for a client with a template`;
    const why = unfit(observation);
    if (why) return inconclusive(expected, why);
    const seen = wordsOf(observation);
    const all = (words: string[], word: string) => words.every((one) => one === word);
    if (
      all(held.removed, 'timeout') &&
      all(heldAfterReturn, server) &&
      all(held.quiesced, server) &&
      all(known.answers, server)
    )
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director forgets at once, or removes where it should quiesce',
      remedy: [
        ...on(
          everyHost(spec, 'director'),
          'sysctl net.ipv4.vs.expire_nodest_conn net.ipv4.vs.expire_quiescent_template',
        ),
        ...advice('see inhibit_on_failure in keepalived.conf'),
      ],
    });
  },
});

/** What lets clients connect again at once, and leave a real server that is only quiesced. */
export const forgottenAtOnce = check<Faded>({
  id: 'HC-10@forgetting',
  suite: 'failover',
  level: 'should',
  title:
    'connections of a removed real server are reset where they should be, and templates do not outlive a failed check',
  requirement:
    'With expire_nodest_conn=1 clients of a real server that a health check removed are reset at once, and with expire_quiescent_template=1 a client with a template goes elsewhere, while connections of a quiesced one continue.',
  source:
    'ipvs-sysctl.rst expire_nodest_conn, expire_quiescent_template; keepalived.conf(5) inhibit_on_failure',
  needs,
  stage: healthForgetting,
  mutants: [
    {
      id: 'entries-stay',
      breaks: 'expire_nodest_conn was left at 0: clients hang',
      change: sysctls('director', { 'net.ipv4.vs.expire_nodest_conn': '0' }),
      reason: /timeout where it was removed/,
    },
    {
      id: 'templates-stay',
      breaks:
        'expire_quiescent_template was left at 0: known clients stay with a real server that fails its checks',
      change: sysctls('director', { 'net.ipv4.vs.expire_quiescent_template': '0' }),
      reason: /template for it: rs1/,
    },
    { ...notQuiesced, reason: /reset where it was quiesced|timeout where it was quiesced/ },
  ],
  observe: faded,
  judge(observation, { spec }) {
    const { server, held, known } = observation;
    const expected = `held by ${server}: reset where it was removed, ${server} where it was quiesced; another one for a client with a template`;
    const why = unfit(observation);
    if (why) return inconclusive(expected, why);
    const seen = wordsOf(observation);
    if (
      held.removed.every((word) => word === 'reset') &&
      held.quiesced.every((word) => word === server) &&
      known.answers.every((word) => word !== server && membersAt(spec, ports.persistent).includes(word))
    )
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director keeps what it should forget, or removes where it should quiesce',
      remedy: [
        ...on(
          everyHost(spec, 'director'),
          'sysctl -w net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.expire_quiescent_template=1',
        ),
        ...advice('see inhibit_on_failure in keepalived.conf'),
      ],
    });
  },
});

/** Linux ip_vs_in(): an entry whose real server is not available is not used. */
export const noPacketAfterRemoval = check<Faded>({
  id: 'HC-12',
  suite: 'failover',
  level: 'must',
  title: 'a removed real server gets no more packets',
  requirement:
    'Once a health check has removed a real server, the director sends it no packet of that service: not of new connections, and not of those that it held.',
  source: 'Linux ip_vs_in(), ip_vs_schedule(); keepalived.conf(5)',
  needs,
  stage: health,
  mutants: [
    {
      id: 'quiesced-instead',
      breaks: 'the real server is quiesced instead of removed (inhibit_on_failure)',
      change: onService(ports.http, { inhibitOnFailure: true }),
      reason: /\d+ frames .*weight 0/,
    },
  ],
  observe: faded,
  judge({ server, tables, held, frames, fresh }, { spec }) {
    const expected = `no frame of port ${ports.http} from the director to ${server}`;
    const asked = held.removed.length;
    if (asked === 0) return inconclusive(expected, `${server} held no connection before`);
    const sent = frames[ports.http] ?? 0;
    const weight = tables.removed[server];
    const state = weight === undefined ? 'not in the table' : `in the table with weight ${weight}`;
    const seen = `${count(sent, 'frame')} while ${count(asked, 'held connection')} and ${count(fresh.length, 'new one')} asked (${list(fresh)}); ${server} is ${state}`;
    if (sent === 0 && weight === undefined && (frames[ports.quiesced] ?? 0) === 0)
      return inconclusive(
        expected,
        `${seen}; nothing of port ${ports.quiesced} either, where it is only quiesced`,
      );
    if (sent === 0 && weight === undefined) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${server} is ${state}, so the director still uses it`,
      remedy: [
        ...on(everyHost(spec, 'director'), 'ipvsadm -Ln'),
        ...advice('in keepalived.conf: no inhibit_on_failure where clients shall leave at once'),
      ],
    });
  },
});

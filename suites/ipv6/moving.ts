import { check } from '../../src/model/check.ts';
import { hostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply, firstServer, nameOfFirst, onDirectors, sysctls } from '../common/mutate.ts';
import { advice, deviceAt, filtersOn, on, or } from '../common/remedy.ts';
import { list, nameOfMac } from '../common/subjects.ts';
import { pairStage } from './stage.ts';
import { type Takeover, takeOver } from './takeover.ts';

/** Both the interface's value and that of `all` must be off, since the larger counts (ip-sysctl.rst, accept_dad). */
const dadOn = { 'net.ipv6.conf.all.accept_dad': '1', 'net.ipv6.conf.eth0.accept_dad': '1' };

/** The VIP of the first real server on eth0, with duplicate address detection, after the director has it. */
const duplicateOnFirstServer = (spec: LabSpec): LabSpec =>
  afterApply((lab) => {
    const name = nameOfFirst(lab, 'realServer');
    const on = Object.entries(dadOn).map(([key, value]) => `${key}=${value}`);
    return `ip netns exec ${name} sh -ec 'sysctl -qw ${on.join(' ')}; ip -6 addr add ${vipsOf(lab)[0]}/128 dev eth0'`;
  })(firstServer({ vipDevice: 'none' })(spec));

const summary = ({ answers }: Takeover): string =>
  `${answers.filter((one) => one.ok).length} of ${answers.length} requests right after it were answered`;

/** RFC 4862 §5.4: a tentative address receives nothing; Linux gives up one that another host defends. */
export const noAddressIsDeaf = check<Takeover>({
  id: 'ND-02',
  suite: 'ipv6',
  stage: pairStage,
  families: [6],
  level: 'must',
  title: 'no address waits for, or has failed, duplicate address detection',
  requirement:
    'The VIP works on a director as soon as it is given it, and no host has an address that duplicate address detection has found twice.',
  source: 'RFC 4862 §5.4; Linux ip-sysctl.rst (accept_dad); ip-address(8) nodad',
  needs: ['capture', 'ipvs', 'settableDirector'],
  mutants: [
    {
      id: 'dad-on-real-server',
      breaks: 'the VIP of one real server on eth0, where duplicate address detection is on',
      change: duplicateOnFirstServer,
      reason: /dadfailed on rs1/,
    },
    {
      id: 'dad-on-takeover',
      breaks: 'duplicate address detection is on where the VIP moves to',
      change: sysctls('director', dadOn),
      reason: /tentative on d2/,
    },
  ],
  observe: ({ lab, evidence }) => takeOver(lab, evidence),
  judge(seen, { spec }) {
    const { vip, newMaster, atOnce, settled, answers } = seen;
    const expected = `${vip} not tentative on ${newMaster} once it has it, no address dadfailed, requests answered`;
    const deaf = settled.flatMap(({ host, addresses }) =>
      addresses.filter((one) => one.dadFailed).map((one) => ({ host, ...one })),
    );
    if (deaf.length > 0) {
      const where = deaf.map((one) => `${one.address} is dadfailed on ${one.host}`);
      return fail(expected, `${list(where)}; ${summary(seen)}`, {
        cause: `${list(deaf.map((one) => one.host))} has on ${list(deaf.map((one) => one.device))} an address that another host defends`,
        remedy: deaf.flatMap((one) =>
          on(
            one.host,
            `ip addr del ${one.address}/${one.prefixLength} dev ${one.device}`,
            `ip addr add ${one.address}/128 dev lo`,
          ),
        ),
      });
    }
    const own = atOnce.find((one) => one.address === vip);
    if (answers.length === 0) return inconclusive(expected, 'no request was sent after the move');
    if (!own) return inconclusive(expected, `${newMaster} was given ${vip} and does not have it`);
    if (own.tentative)
      return fail(expected, `${vip} was tentative on ${newMaster} right after the move; ${summary(seen)}`, {
        cause: `duplicate address detection is on at ${newMaster}: for its first second or two the address is deaf`,
        remedy: [
          ...on(newMaster, `ip addr change ${vip}/128 dev ${deviceAt(spec, newMaster)} nodad`),
          ...or(
            on(
              newMaster,
              `sysctl -w net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.${deviceAt(spec, newMaster)}.accept_dad=0`,
            ),
          ),
        ],
      });
    if (answers.some((one) => !one.ok))
      return fail(expected, `${summary(seen)}, though no address is tentative`, {
        cause: followed(seen, spec)
          ? `${newMaster} does not serve the VIP`
          : `the client was not told that ${newMaster} has the VIP: see ND-04`,
        remedy: on(newMaster, 'ipvsadm -Ln', 'ip -6 addr show'),
      });
    return pass(expected, `${vip} worked on ${newMaster} at once; ${summary(seen)}`);
  },
});

const followed = ({ after, newMaster }: Takeover, spec: LabSpec): boolean =>
  after === hostSpec(spec, newMaster).mac;

/** Unsolicited advertisements for the VIP alone: to all nodes (ff02::1 ends in 1 at byte 36 of the IPv6 header). */
const unsolicited = 'match u8 58 0xff at 6 match u8 136 0xff at 40 match u32 0xff020000 0xffffffff at 24';

/** RFC 4861 §7.2.6: a node whose link-layer address changes may tell all nodes; RFC 9568 §6.4.2 makes routers do it. */
export const takeOverIsAnnounced6 = check<Takeover>({
  id: 'ND-04',
  suite: 'ipv6',
  stage: pairStage,
  families: [6],
  level: 'must',
  title: 'a take-over of the IPv6 VIP is announced, and neighbours follow',
  requirement:
    'The new holder sends unsolicited neighbour advertisements with the override flag, and the client’s entry becomes its MAC.',
  source: 'RFC 4861 §7.2.6; RFC 9568 §6.4.2; Linux ip-sysctl.rst (ndisc_notify)',
  needs: ['capture', 'ipvs', 'settableDirector'],
  mutants: [
    {
      id: 'no-announcement',
      breaks: 'ndisc_notify=0 on the directors, so that a VIP moved by hand is not announced',
      change: sysctls('director', { 'net.ipv6.conf.all.ndisc_notify': '0' }),
      reason: /no unsolicited advertisement of d2.*does not tell/,
    },
    {
      id: 'announcement-lost',
      breaks: 'unsolicited advertisements do not get out of the directors',
      change: onDirectors(
        () => `tc qdisc add dev eth0 clsact
        tc filter add dev eth0 egress protocol ipv6 u32 ${unsolicited} action drop`,
      ),
      reason: /no unsolicited advertisement of d2.*does not tell/,
    },
  ],
  observe: ({ lab, evidence }) => takeOver(lab, evidence),
  judge(seen, { spec }) {
    const { vip, failed, newMaster, before, after } = seen;
    const expected = `${newMaster} announces ${vip} with the override flag, and the client has it at the MAC of ${newMaster}`;
    if (before !== hostSpec(spec, failed).mac)
      return inconclusive(expected, `the client did not have ${vip} at ${failed} before the move`);
    if (seen.answers.length === 0) return inconclusive(expected, 'no request was sent after the move');
    const own = seen.announcements.filter((one) => one.mac === hostSpec(spec, newMaster).mac);
    const overriding = own.filter((one) => one.override).length;
    const entry =
      after === null
        ? 'gone'
        : `${followed(seen, spec) ? 'the' : 'still the'} MAC of ${nameOfMac(spec, after)}`;
    const said = `${overriding > 0 ? `${overriding} unsolicited advertisements` : 'no unsolicited advertisement'} of ${newMaster} with the override flag; the client’s entry is ${entry}; ${summary(seen)}`;
    if (overriding > 0 && followed(seen, spec) && seen.answers.every((one) => one.ok))
      return pass(expected, said);
    return fail(expected, said, {
      cause:
        overriding > 0
          ? 'the announcement comes too early, or the client does not take it'
          : `${newMaster} does not tell its neighbours that it has the VIP: ndisc_notify is 0 and nothing else announces it, or a filter drops it`,
      remedy: [
        ...on(newMaster, 'sysctl -w net.ipv6.conf.all.ndisc_notify=1', filtersOn(spec, 'egress')),
        ...or(advice('let keepalived move the VIP')),
      ],
    });
  },
});

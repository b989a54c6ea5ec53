import { check } from '../../../src/model/check.ts';
import { freeAddresses } from '../../../src/model/free-addresses.ts';
import { vipsOf } from '../../../src/model/spec.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, everyHost, on } from '../../common/remedy.ts';
import type { Change } from '../../common/stages.ts';
import { count, list } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';
import { disagreementOf, listenToVoices, type Voice } from '../outage/vrrp-voices.ts';
import { reconfigured } from './stage.ts';
import { vrrpTimes } from './times.ts';

interface Voices {
  voices: Voice[];
}

/** Until the other director, which no longer hears what it agrees with, has taken over. */
const takenOver =
  (change: Change): Change =>
  (spec) => {
    const changed = change(spec);
    changed.hooks.afterApply.push(`sleep ${Math.ceil((2 * vrrpTimes(spec).masterDownMs) / 1000) + 1}`);
    return changed;
  };

const onSecond = (id: string, breaks: string, sed: string, reason: RegExp) => ({
  ...{ id, breaks, reason },
  change: takenOver(reconfigured('second', sed)),
});

/** keepalived.conf(5) vrrp_instance; RFC 9568 §7.1: a message whose settings are not the receiver's own is discarded. */
export const voicesAgree = check<Voices>({
  id: 'HA-23',
  suite: 'failover',
  level: 'must',
  title: 'who advertises a virtual router agrees on what it is, and its ID is no other one’s',
  requirement:
    'The directors of a virtual router have the same ID, version, authentication and VIPs, and nobody else on the segment uses its ID.',
  source: 'RFC 9568 §5.2, §7.1; RFC 3768 §7.1; keepalived.conf(5) virtual_router_id',
  needs: ['capture', 'directorPair'],
  presumes: [],
  follows: ['vipAtDirector'],
  vantages: once('it listens to what directors say to each other'),
  mutants: [
    onSecond(
      'other-id',
      'the backup has another virtual_router_id',
      's/virtual_router_id .*/virtual_router_id 77/',
      /same VIP under 2/,
    ),
    onSecond(
      'other-version',
      'the backup speaks the other version of VRRP',
      's/version 2/version 9/; s/version 3/version 2/; s/version 9/version 3/',
      /do not agree on the version/,
    ),
    onSecond(
      'password',
      'the backup alone has a password',
      '/virtual_router_id/a authentication {\\nauth_type PASS\\nauth_pass drlab\\n}',
      /do not agree on the authentication/,
    ),
    {
      id: 'id-used-twice',
      breaks: 'the second director has the ID of the first for other VIPs',
      change: takenOver((spec) => {
        const vips = vipsOf(spec);
        const free = freeAddresses(spec, vips.length);
        return reconfigured('second', vips.map((vip, i) => `s#${vip}/32#${free[i]}/32#`).join('; '))(spec);
      }),
      reason: /two virtual routers/,
    },
  ],
  async observe({ lab, evidence }) {
    const { voices, pcap } = await listenToVoices(lab);
    await evidence.save('vrrp.pcap', pcap);
    return { voices };
  },
  judge({ voices }, { spec }) {
    const expected = 'one voice for each virtual router, or voices that agree';
    const directors = everyHost(spec, 'director');
    const odd = disagreementOf(voices);
    if (odd)
      return fail(expected, odd.seen, {
        cause: odd.cause,
        remedy: [
          ...on(
            odd.speakers.filter((name) => directors.includes(name)),
            'timeout 5 tcpdump -vnni any ip proto 112',
          ),
          ...advice(odd.advice),
        ],
      });
    if (voices.length === 0) return inconclusive(expected, `none of ${list(directors)} advertised`);
    const said = voices.map(
      ({ from, virtualRouterId, vips, adverts }) =>
        `${from} advertised ${list(vips)} as router ${virtualRouterId} (${count(adverts, 'time')})`,
    );
    return pass(expected, said.join('; '));
  },
});

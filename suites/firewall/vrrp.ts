import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { hostSpec, hostsOf, vrrpInstancesOf } from '../../src/model/spec.ts';
import { holdersOf } from '../../src/probe/neighbour.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { deviceAt, on } from '../common/remedy.ts';
import { count, list } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';
import { disagreementOf, listenToVoices } from '../failover/outage/vrrp-voices.ts';
import { vrrpTimes } from '../failover/vrrp/times.ts';
import { directorRules } from './rules.ts';

interface Adverts {
  vip: string;
  /** In what the advertisements of the directors contradict each other, if they do: then they are heard, and dropped. */
  disagreement?: string;
  holders: string[];
  /** Advertisements by the director that sent them, over two intervals and a little. */
  sent: { director: string; adverts: number }[];
}

const mostLooks = 3;

/** Of the first instance of VRRP in which not exactly one director speaks and holds the VIP; of the first one where there is none. */
async function listened(lab: Lab): Promise<{ adverts: Adverts; pcap: Uint8Array }> {
  const { spec } = lab;
  const { voices, pcap } = await listenToVoices(lab);
  const instances = await Promise.all(
    vrrpInstancesOf(spec).map(async ({ virtualRouterId, vips: [vip = ''] }): Promise<Adverts> => {
      const heard = voices.filter((one) => one.virtualRouterId === virtualRouterId);
      const sent = [...new Set(heard.map(({ from }) => from))].map((director) => ({
        director,
        adverts: heard.reduce((sum, one) => sum + (one.from === director ? one.adverts : 0), 0),
      }));
      return { vip, holders: await holdersOf(lab, vip), sent };
    }),
  );
  const odd = instances.find(({ holders, sent }) => holders.length !== 1 || sent.length !== 1);
  const adverts = odd ?? instances[0];
  if (!adverts) throw new NotInLab(`lab «${spec.name}» has no VRRP`);
  const disagreement = disagreementOf(voices)?.cause;
  return { adverts: { ...adverts, ...(disagreement && { disagreement }) }, pcap };
}

/**
 * RFC 9568: a backup that hears nothing for three intervals takes over, and then both have the VIP. What becomes of
 * connections where a firewall drops the messages of the sync daemons (UDP 8848) is SYN-02, by its mutant `firewall`.
 */
export const directorsHearEachOther = check<Adverts>({
  id: 'FW-10',
  suite: 'firewall',
  level: 'should',
  title: 'the firewalls of directors let VRRP through',
  requirement:
    'IP protocol 112 to 224.0.0.18 passes between the directors: one of them advertises, and it alone holds the VIP.',
  source: 'RFC 9568 §6.4, RFC 3768; keepalived.conf(5)',
  needs: ['capture', 'directorPair'],
  vantages: once('it is about what directors say to each other'),
  mutants: [
    {
      id: 'vrrp-dropped',
      breaks: 'the firewalls of the directors drop IP protocol 112',
      change: (spec) => {
        if (!spec.director.vrrp) throw new NotInLab(`lab «${spec.name}» has no VRRP`);
        const afterwards = directorRules(() => ['-A INPUT -p 112 -j DROP'])(spec);
        // Until the backup has given up waiting; the first election takes as long again.
        const waitS = Math.ceil((2 * vrrpTimes(spec).masterDownMs) / 1000) + 1;
        afterwards.hooks.afterApply.push(`sleep ${waitS}`);
        return afterwards;
      },
      reason: /d1 and d2 hold.*112/,
    },
  ],
  async observe({ lab, evidence }) {
    const { masterDownMs } = vrrpTimes(lab.spec);
    for (let look = 1; ; look++) {
      const { adverts, pcap } = await listened(lab);
      await evidence.save('vrrp.pcap', pcap);
      // One holder and two voices: one of them was late and has just been heard. On a busy machine that comes to pass.
      if (adverts.holders.length !== 1 || adverts.sent.length < 2 || look === mostLooks) return adverts;
      await sleep(masterDownMs);
    }
  },
  judge({ vip, holders, sent, disagreement }, { spec }) {
    const expected = `one director advertises and holds ${vip}`;
    const said = sent.map((one) => `${one.director} sent ${count(one.adverts, 'advertisement')}`);
    const seen = `${list(holders)} hold${holders.length === 1 ? 's' : ''} ${vip}; ${said.join(', ') || 'nobody advertised'}`;
    const names = hostsOf(spec, 'director').map((host) => host.name);
    const advertising = sent.filter((one) => names.includes(one.director));
    if (disagreement && (holders.length > 1 || advertising.length > 1))
      return inconclusive(expected, `${seen}; ${disagreement} (HA-23)`);
    if (holders.length > 1 || advertising.length > 1)
      return fail(expected, seen, {
        cause:
          'the directors do not hear each other: a firewall drops IP protocol 112, or the segment drops its multicast',
        remedy: on(
          names,
          'iptables -I INPUT -p 112 -d 224.0.0.18 -j ACCEPT',
          'iptables -I OUTPUT -p 112 -d 224.0.0.18 -j ACCEPT',
        ),
      });
    if (holders.length === 0 || advertising.length === 0)
      return inconclusive(expected, `no director is active; ${seen}`);
    const [active = ''] = holders;
    if (advertising[0]?.director !== active)
      return fail(expected, seen, {
        cause: `${advertising[0]?.director} advertises and ${active} (${hostSpec(spec, active).ip}) holds the VIP: it was put there by hand`,
        remedy: on(active, `ip addr del ${vip}/32 dev ${deviceAt(spec, active)}`),
      });
    return pass(expected, seen);
  },
});

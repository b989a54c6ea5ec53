import { check } from '../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { advice, everyHost, on, or } from '../common/remedy.ts';
import { type Change, oneDirector, services, stage } from '../common/stages.ts';
import { hostOnSegment, list } from '../common/subjects.ts';
import { type Effect, effectOf, unseen, wrongs } from './effect.ts';
import { looseServers } from './loose.ts';

/** nftables rules on every real server; where its kernel has no arp family nothing is set, and the check says so. */
const arpRules = (rules: (vip: string, rip: string) => { input?: string; output?: string }): Change =>
  afterApply((spec) =>
    hostsOf(spec, 'realServer')
      .map(({ name, ip }) => {
        const { input, output } = rules(vipsOf(spec)[0] ?? '', ip);
        const chain = (hook: string, rule?: string) =>
          rule === undefined
            ? ''
            : ` chain ${hook} {\\n type filter hook ${hook} priority 0;\\n ${rule};\\n }\\n`;
        const table = `table arp drlab {\\n${chain('input', input)}${chain('output', output)}}\\n`;
        return `printf '${table}' | ip netns exec ${name} sh -c 'nft delete table arp drlab; nft -f -' 2>/dev/null || :`;
      })
      .join('\n'),
  );

const dropAsked = (vip: string): string => `arp daddr ip ${vip} drop`;

const silencedByRules = stage(
  'nft-arp',
  'arp_ignore=0 and arp_announce=0 on the real servers, which nftables rules of the arp family silence',
  oneDirector,
  services({ port: 80 }),
  looseServers,
  arpRules((vip, rip) => ({ input: dropAsked(vip), output: `arp saddr ip ${vip} arp saddr ip set ${rip}` })),
);

/**
 * nft(8), arp family: a rule on input drops what asks for the VIP, one on output puts the RIP in place of the VIP.
 * Dropping on output as well, as the catalogue has it, would leave a real server with arp_announce=0 unable to
 * resolve anyone, since it asks with the VIP as sender and its question is dropped.
 */
export const arpRulesSilence = check<Effect>({
  id: 'ARP-08',
  suite: 'arp',
  level: 'should',
  title: 'nftables rules of the arp family silence real servers as arptables does',
  requirement:
    'With a rule that drops requests for the VIP and one that replaces the VIP as sender nobody but the director answers, and every request is served.',
  source: 'nft(8), arp family; LVS-HOWTO, ARP problem',
  needs: ['capture', 'inject', 'director', 'directClient'],
  stage: silencedByRules,
  mutants: [
    {
      id: 'answers-only',
      breaks: 'only requests for the VIP are dropped; real servers name the VIP as sender',
      change: arpRules((vip) => ({ input: dropAsked(vip) })),
      reason: /asks with a VIP as sender/,
    },
    {
      id: 'dropped-on-output',
      breaks:
        'frames that name the VIP as sender are dropped instead of changed: real servers cannot resolve any host',
      change: arpRules((vip) => ({ input: dropAsked(vip), output: `arp saddr ip ${vip} drop` })),
      reason: /requests failed \(timeout/,
    },
  ],
  async observe({ lab, evidence }) {
    const { spec } = lab;
    for (const { name } of hostsOf(spec, 'realServer')) {
      const { code } = await lab.host(name).exec('exec nft list table arp drlab', { okCodes: [0, 1] });
      if (code !== 0) throw new CannotHere(`the kernel of ${name} has no nftables arp family`);
    }
    const observer = hostOnSegment(spec);
    return effectOf(lab, evidence, { client: observer.name, requester: observer, services: spec.services });
  },
  judge(effect, { spec }) {
    const expected = `only ${list(effect.vips.flatMap((one) => one.holders))} answers for ${list(effect.vips.map((one) => one.vip))}, and every request is served`;
    const bad = wrongs(effect, spec);
    const [first] = bad;
    if (first)
      return fail(expected, list(bad.map((one) => one.seen)), {
        cause: `the rules on ${first.host} do not silence it`,
        remedy: [
          ...on(first.host, 'nft list table arp drlab'),
          ...advice('it needs chains for input and for output'),
        ],
      });
    const missing = unseen(effect);
    if (missing !== undefined) return inconclusive(expected, missing);
    const lost = effect.servers.filter((server) => server.startsWith('?'));
    if (lost.length > 0)
      return fail(
        expected,
        `${lost.length} of ${effect.servers.length} requests failed ${list(lost.map((one) => one.slice(2)))}`,
        {
          cause:
            'real servers cannot resolve the client: their requests name the VIP as sender and are dropped',
          remedy: [
            ...on(everyHost(spec, 'realServer'), 'sysctl -w net.ipv4.conf.all.arp_announce=2'),
            ...or(advice('replace the sender with the address of the real server (arp saddr ip set)')),
          ],
        },
      );
    return pass(
      expected,
      `${effect.servers.length} requests answered by ${list(effect.servers)}, no ARP from a real server`,
    );
  },
});

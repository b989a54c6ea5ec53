import type { Check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { CannotHere } from '../../../src/util/errors.ts';
import { functional } from '../../common/coassert.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import { oneDirector, services, stage } from '../../common/stages.ts';
import { clientOf, count, list, serviceOf, targetOf } from '../../common/subjects.ts';

/*
 *   client ──CIP→VIP──▶ director ──▶ real server without the VIP
 *                                    PREROUTING: VIP becomes the RIP, back again in the answer
 */

/** No real server has the VIP; each takes packets for it by NAT onto itself, in iptables or nftables. */
function redirectingServers(spec: LabSpec): LabSpec {
  const changed = structuredClone(spec);
  for (const { server } of hostsOf(changed, 'realServer')) if (server) server.vipDevice = 'none';
  return afterApply((lab) => {
    const vip = vipsOf(lab)[0];
    const nft = `printf "table ip nat {\\n chain pre {\\n type nat hook prerouting priority -100;\\n ip daddr ${vip} redirect;\\n }\\n}\\n" | nft -f -`;
    return hostsOf(lab, 'realServer')
      .map(({ name }) => {
        const rule = `iptables-legacy -t nat -A PREROUTING -d ${vip} -j REDIRECT`;
        return `ip netns exec ${name} sh -c '${rule} || ${nft} || :' 2>/dev/null`;
      })
      .join('\n');
  })(changed);
}

const redirecting = stage(
  'redirecting',
  'the real servers do not have the VIP; they redirect packets for it to themselves',
  oneDirector,
  services({ port: 80 }),
  redirectingServers,
);

interface Redirected {
  answers: { server?: string; error?: string; seenAs?: string }[];
}

const needs: Check['needs'] = ['director', 'severalRealServers'];

/** LVS-HOWTO, «transparent proxy»: nothing to silence where nobody has the address. */
export const redirectServes = functional<Redirected>({
  id: 'VIP-08',
  suite: 'path',
  level: 'should',
  title: 'real servers may redirect the VIP to themselves instead of having it',
  requirement:
    'With a NAT rule that redirects the VIP a real server serves without the address, answers from the VIP, and has no ARP to silence.',
  source: 'LVS-HOWTO, LVS-DR with transparent proxy; iptables-extensions(8) REDIRECT',
  needs,
  stage: redirecting,
  mutants: [
    {
      id: 'rule-missing',
      breaks: 'the rule left out on one real server',
      change: afterApply((spec) => {
        const name = hostsOf(spec, 'realServer')[0]?.name;
        return `ip netns exec ${name} sh -c 'iptables-legacy -t nat -F PREROUTING || nft flush chain ip nat pre' 2>/dev/null`;
      }),
      reason: /no answer from rs1/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const last = hostsOf(lab.spec, 'realServer').at(-1)?.name ?? '';
    const { stdout } = await lab
      .host(last)
      .exec('iptables-legacy -t nat -S PREROUTING 2>/dev/null; nft list table ip nat 2>/dev/null; :');
    if (!/REDIRECT|redirect/.test(stdout))
      throw new CannotHere(
        `neither iptables nor nft can redirect on ${last}: the kernel has no NAT for them`,
      );
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const answers = await prober.requests(targetOf(service), {
      count: 8 * service.realServers.length,
      timeoutMs: 1_500,
      parallel: 4,
    });
    return {
      answers: answers.map(({ server, error, seenAs }) => ({
        ...(server !== undefined && { server }),
        ...(error !== undefined && { error }),
        ...(seenAs !== undefined && { seenAs }),
      })),
    };
  },
  judge({ answers }, { spec }) {
    const names = serviceOf(spec, 'tcp').realServers.map(({ name }) => name);
    const expected = `${list(names)} serve without the VIP, and see the client's own address`;
    if (answers.length === 0) return inconclusive(expected, 'no request was sent');
    const silent = names.filter((name) => !answers.some(({ server }) => server === name));
    const lost = answers.filter(({ server }) => server === undefined);
    const seen = `${answers.length - lost.length} of ${count(answers.length, 'request')} answered`;
    if (silent.length > 0)
      return fail(expected, `${seen}, no answer from ${list(silent)}`, {
        cause: `${list(silent)} has neither the VIP nor a rule that redirects it`,
        remedy: on(silent, `iptables -t nat -A PREROUTING -d ${serviceOf(spec, 'tcp').vip} -j REDIRECT`),
      });
    const cip = clientOf(spec).ip;
    const masked = answers.filter(({ seenAs }) => seenAs !== undefined && seenAs !== cip);
    if (lost.length > 0 || masked.length > 0)
      return fail(expected, `${seen}; ${count(masked.length, 'request')} seen from another address`, {
        cause:
          lost.length > 0
            ? `requests failed: ${list(lost.map(({ error }) => error ?? ''))}`
            : 'a rule changes the source address',
        remedy: on(names, 'iptables -t nat -S'),
      });
    return pass(
      expected,
      `${seen} by ${list(answers.map(({ server }) => server ?? ''))}, all seen from ${cip}`,
    );
  },
});

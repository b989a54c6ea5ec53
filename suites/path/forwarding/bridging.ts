import { check } from '../../../src/model/check.ts';
import { driverTraitsOf } from '../../../src/model/driver-traits.ts';
import { hostsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { CannotHere } from '../../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice, or } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, switchName, targetOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';

/** Goes with the lab; says that it was this lab that loaded the module. */
const marker = '/run/drlab/br_netfilter';

const load = `[ -d /proc/sys/net/bridge ] || { $(cat /proc/sys/kernel/modprobe) br_netfilter; >${marker}; }
ip netns exec ${switchName} sh -ec 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables'`;

const unload = `[ ! -e ${marker} ] || $(cat /proc/sys/kernel/modprobe) -r br_netfilter`;

interface Bridging {
  loaded: boolean;
  /** `bridge-nf-call-*` of the switch that are on. */
  on: string[];
  answered: boolean;
  /** Client frames that iptables counted on the switch, though they were bridged; missing without iptables. */
  filtered?: number;
}

/** Linux br_netfilter.c, br_nf_pre_routing(): bridged frames take the way of routed ones, firewall included. */
export const bridgeDoesNotFilter = check<Bridging>({
  id: 'TOP-05',
  suite: 'path',
  level: 'should',
  title: 'the switch does not run bridged frames through its firewall',
  requirement:
    'br_netfilter is not loaded on the switch, or bridge-nf-call-* are 0: frames pass as on hardware.',
  source: 'Linux ip-sysctl.rst, /proc/sys/net/bridge; br_netfilter_hooks.c',
  needs: ['director'],
  vantages: once('all frames go through one switch'),
  follows: ['vipAtDirector', 'framesToDirector', 'serviceAnswers'],
  mutants: [
    {
      id: 'br-netfilter-on',
      breaks: 'br_netfilter is loaded, and on as it is by default',
      change: (spec) => {
        const changed = afterApply(() => load)(spec);
        changed.hooks.beforeTeardown.push(unload);
        return changed;
      },
      reason: /on: .*bridge-nf-call-iptables.*br_netfilter/,
    },
  ],
  async observe({ lab }) {
    if (!driverTraitsOf(lab.spec).switchIsHost)
      throw new CannotHere('the switch of this lab is not a host that can be inspected');
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const inSwitch = lab.host(hostsOf(lab.spec, 'director')[0]?.name ?? '');
    const run = (script: string) => inSwitch.exec(`exec ip netns exec ${switchName} sh -c '${script}'`);
    const { stdout } = await run('cd /proc/sys/net/bridge 2>&- && grep -H . bridge-nf-call-* || :');
    const prober = await proberOn(lab, client.name);
    const request = async () => (await prober.requests(targetOf(service), { count: 1 }))[0]?.ok ?? false;
    const on = stdout.split('\n').filter((line) => line !== '' && !line.endsWith(':0'));
    const state = { loaded: stdout !== '', on: on.map((line) => line.split(':')[0] ?? '') };
    if (!state.loaded || lab.lacks('iptables')) return { ...state, answered: await request() };
    const rule = `PREROUTING -s ${client.ip} -d ${service.vip} -p tcp`;
    await run(`iptables-legacy -t raw -A ${rule}`);
    try {
      const answered = await request();
      const counted = await run('iptables-legacy -t raw -nvxL PREROUTING');
      const lines = counted.stdout.split('\n').filter((line) => line.includes(service.vip));
      return { ...state, answered, filtered: Number(lines[0]?.trim().split(/\s+/)[0] ?? 0) };
    } finally {
      await run(`iptables-legacy -t raw -D ${rule}`);
    }
  },
  judge({ loaded, on, answered, filtered }) {
    const expected = 'br_netfilter not loaded, or every bridge-nf-call-* 0 and no bridged frame in iptables';
    if (!loaded) return pass(expected, 'br_netfilter is not loaded');
    const seen = `br_netfilter is loaded; on: ${list(on)}; ${filtered ?? 'uncounted'} bridged frames of the client went through iptables`;
    if (on.length === 0 && (filtered ?? 0) === 0)
      return answered ? pass(expected, seen) : inconclusive(expected, `${seen}; no connection was answered`);
    const keys = on.length > 0 ? on : ['bridge-nf-call-iptables'];
    return fail(expected, seen, {
      cause:
        'br_netfilter hands bridged frames to the firewall of the switch, which may drop or reassemble them',
      remedy: [
        ...advice(`where the bridge is: sysctl -w ${keys.map((key) => `net.bridge.${key}=0`).join(' ')}`),
        ...or(advice('modprobe -r br_netfilter there')),
      ],
    });
  },
});

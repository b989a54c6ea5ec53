import { check, type Observing } from '../../../src/model/check.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on, or } from '../../common/remedy.ts';
import { list, targetOf } from '../../common/subjects.ts';
import { onService, serviceAt } from '../../common/tables.ts';
import { slackMs } from './limits.ts';
import { asking, askingFrom, health, ports, secondDip, secondDipOf } from './stage.ts';
import { limitAt, nowMs, watch } from './watching.ts';

/** Runs this while the real server has a rule in its INPUT. */
async function withRule<T>(
  { lab }: Observing,
  server: string,
  rule: string,
  work: () => Promise<T>,
): Promise<T> {
  const host = lab.host(server);
  await host.exec(`exec iptables-legacy -I INPUT ${rule}`);
  try {
    return await work();
  } finally {
    await host.exec(`exec iptables-legacy -D INPUT ${rule}`);
  }
}

const reset = '-j REJECT --reject-with tcp-reset';

interface Source {
  server: string;
  dip: string;
  /** Of connections to the RIP that the director opened. */
  sources: string[];
  /** While the RIP was closed to all but the DIP. */
  keptWithDip: boolean;
  byRip: string;
  byVip: string[];
  /** While it was closed to the DIP as well: removed, as it has to be. */
  removedWithout: boolean;
}

/** ip-sysctl; keepalived.conf(5) bindto: without it the kernel chooses the source by the route. */
export const sourceIsTheDip = check<Source>({
  id: 'HC-08',
  suite: 'failover',
  level: 'should',
  title: 'health checks come from the DIP, which a closed RIP has to accept',
  requirement:
    'Health checks have the DIP as source, so a real server whose RIP is closed to everyone but the DIP stays in the table, and one that is closed to it as well does not.',
  source: 'keepalived.conf(5) bindto; FW-07',
  needs: ['capture', 'ipvs', 'healthChecks', 'iptables', 'severalRealServers', 'directClient'],
  stage: health,
  mutants: [
    {
      id: 'other-source',
      breaks: 'the route of the director names another of its addresses as source',
      change: (spec) => {
        const changed = secondDip(spec);
        return onDirectors(() => askingFrom(changed, secondDipOf(changed)))(changed);
      },
      reason: /come from 198\.18\.\S+, not from the DIP/,
    },
  ],
  async observe(on) {
    const { lab, evidence, note } = on;
    const { victim, name, prober, whenSo, allBack } = await watch(lab);
    const service = serviceAt(lab.spec, ports.tcp);
    const [dip, rip] = [hostSpec(lab.spec, name).ip, hostSpec(lab.spec, victim).ip];
    const there = `-d ${rip} -p tcp --dport ${service.port}`;
    const limitMs = limitAt(lab.spec, ports.tcp) + slackMs;
    const gone = () => whenSo(ports.tcp, `${victim} gone`, (all) => !(victim in all), limitMs);
    note(`closing the RIP of ${victim} to everyone but ${dip}`);
    const capture = await lab.capture({ filter: `tcp[tcpflags] == tcp-syn and dst host ${rip}` });
    const o = { count: 3, parallel: 3, timeoutMs: 1_500 };
    const open = await withRule(on, victim, `${there} ! -s ${dip} ${reset}`, async () => {
      const keptWithDip = (await gone()) === null;
      const [[direct], through] = await Promise.all([
        prober.requests({ ip: rip, port: service.port }, { count: 1, timeoutMs: 1_500 }),
        prober.requests(targetOf(service), o),
      ]);
      return {
        keptWithDip,
        byRip: direct?.server ?? direct?.error ?? 'no answer',
        byVip: through.map(({ server, error }) => server ?? error ?? 'no answer'),
      };
    });
    const pcap = await capture.stop();
    await evidence.save('checks.pcap', pcap);
    const mac = hostSpec(lab.spec, name).mac;
    const sources = decodePcap(pcap).flatMap(({ src, ip }) => (src === mac && ip ? [ip.src] : []));
    note(`closing it to ${dip}, too`);
    const removed = await withRule(on, victim, `${there} ${reset}`, gone);
    await allBack();
    return {
      server: victim,
      dip,
      sources: [...new Set(sources)],
      ...open,
      removedWithout: removed !== null,
    };
  },
  judge({ server, dip, sources, keptWithDip, byRip, byVip, removedWithout }) {
    const expected = `health checks from ${dip}; ${server} in the table, its RIP refused to clients and its VIP served`;
    if (sources.length === 0) return inconclusive(expected, `no health check of ${server} was seen`);
    const seen = `health checks come from ${list(sources)}; closed to all but ${dip}: ${server} was ${keptWithDip ? 'kept' : 'removed'}, a client got ${byRip} at the RIP and ${list(byVip)} at the VIP; closed to ${dip}, too: ${removedWithout ? 'removed' : 'kept'}`;
    if (sources.some((one) => one !== dip))
      return fail(expected, `health checks come from ${list(sources)}, not from the DIP ${dip}; ${seen}`, {
        cause: 'the route or bindto gives health checks another source',
        remedy: [
          ...advice('let that address in on the real servers'),
          ...or(advice(`in keepalived.conf: bindto ${dip}`)),
        ],
      });
    if (keptWithDip && byRip === 'refused' && removedWithout && byVip.includes(server))
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: `the firewall of ${server} and the health checks do not fit together`,
      remedy: on(server, `iptables -I INPUT -s ${dip} -j ACCEPT`),
    });
  },
});

interface OneLost {
  server: string;
  /** Attempts that were refused. */
  refused: number;
  /** Whether it was ever out of the table, or without weight, in the seconds after. */
  leftTable: boolean;
  watchedMs: number;
  /** Every attempt was refused from here on: the checks do go this way. */
  removedByMore: boolean;
}

/** keepalived.conf(5) retry: "Number of times to retry on failure". */
export const oneLostIsForgiven = check<OneLost>({
  id: 'HC-09',
  suite: 'failover',
  level: 'should',
  title: 'one lost health check removes no real server',
  requirement:
    'With a retry, a real server that fails one attempt and not the next stays in the table throughout.',
  source: 'keepalived.conf(5) retry, delay_before_retry',
  needs: ['ipvs', 'healthChecks', 'iptables', 'severalRealServers'],
  stage: health,
  mutants: [
    {
      id: 'no-retry',
      breaks: 'retry is 0',
      change: onService(ports.tcp, { healthCheck: { ...asking, retries: 0 } }),
      reason: /left the table/,
    },
  ],
  async observe(on) {
    const { lab, note } = on;
    const { victim, name, weights, whenSo, allBack } = await watch(lab);
    const { port } = serviceAt(lab.spec, ports.tcp);
    const there = `-s ${hostSpec(lab.spec, name).ip} -p tcp --syn --dport ${port}`;
    // iptables-extensions(8), limit: a burst of one, and then one an hour.
    const once = `${there} -m limit --limit 1/hour --limit-burst 1 ${reset}`;
    const watchMs = 3 * asking.intervalMs + asking.retryDelayMs;
    note(`one health check of ${victim} is refused`);
    const first = await withRule(on, victim, once, async () => {
      const startMs = nowMs();
      let leftTable = false;
      await until(
        'some more health checks',
        async () => {
          leftTable ||= !(((await weights(ports.tcp))[victim] ?? 0) > 0);
          return nowMs() - startMs >= watchMs || undefined;
        },
        { withinMs: 2 * watchMs, everyMs: 50 },
      );
      const { stdout } = await lab.host(victim).exec('exec iptables-legacy -L INPUT 1 -vnx');
      return {
        leftTable,
        refused: Number(stdout.trim().split(/\s+/)[0]),
        watchedMs: Math.round(nowMs() - startMs),
      };
    });
    const removed = await withRule(on, victim, `${there} ${reset}`, () =>
      whenSo(ports.tcp, `${victim} gone`, (all) => !(victim in all), limitAt(lab.spec, ports.tcp) + slackMs),
    );
    await allBack();
    return { server: victim, ...first, removedByMore: removed !== null };
  },
  judge({ server, refused, leftTable, watchedMs, removedByMore }) {
    const expected = `${server} in the table throughout, though one attempt is refused; removed when all are`;
    const seen = `${refused} refused; ${server} ${leftTable ? 'left the table' : 'stayed in the table'} within ${watchedMs} ms; it was ${removedByMore ? 'removed' : 'kept'} when all were refused`;
    if (refused !== 1 || !removedByMore) return inconclusive(expected, seen);
    if (!leftTable) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'no retry: one lost packet takes a real server out',
      remedy: advice('in keepalived.conf, TCP_CHECK: retry 1, delay_before_retry 1'),
    });
  },
});

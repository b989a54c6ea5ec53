import { check } from '../../../src/model/check.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice } from '../../common/remedy.ts';
import { list } from '../../common/subjects.ts';
import { onService } from '../../common/tables.ts';
import { slackMs } from './limits.ts';
import { asking, askingFrom, kinds, ports, secondDipOf } from './stage.ts';
import { limitAt, watch } from './watching.ts';

const kindOf = {
  [ports.http]: 'HTTP_GET with status',
  [ports.digest]: 'HTTP_GET with digest',
  [ports.misc]: 'MISC_CHECK',
  [ports.datagrams]: 'UDP_CHECK',
} as const;
const kindNames = Object.entries(kindOf).map(([port, name]) => ({ port: Number(port), name }));

interface Kinds {
  server: string;
  /** What was wrong with the real server, and who noticed, by name of the kind of check. */
  faults: { what: string; shouldNotice: string[]; noticed: string[] }[];
}

const errors = 'answers 500';
const otherwise = 'another page, no echoes, no datagrams';
const noticing: Record<string, number[]> = {
  [errors]: [ports.http, ports.digest],
  [otherwise]: [ports.digest, ports.misc, ports.datagrams],
};

/** keepalived.conf(5): HTTP_GET (status_code, digest), MISC_CHECK, UDP_CHECK. */
export const eachKindSeesItsOwn = check<Kinds>({
  id: 'HC-07',
  suite: 'failover',
  level: 'should',
  title: 'each kind of health check notices what it checks, and nothing else',
  requirement:
    'HTTP_GET judges by status or digest of the page, MISC_CHECK by the exit code of its program, UDP_CHECK by an answer; each keeps a real server that is correct in this respect, and removes one that is not.',
  source: 'keepalived.conf(5): HTTP_GET, MISC_CHECK, UDP_CHECK',
  needs: ['ipvs', 'healthChecks', 'answerFault', 'iptables', 'severalRealServers'],
  stage: kinds,
  mutants: [
    {
      id: 'status-not-asked',
      breaks: 'the check that should look at the status only connects',
      change: onService(ports.http, { healthCheck: { ...asking, check: 'tcp' } }),
      reason: /answers 500: .*HTTP_GET with status did not notice/,
    },
    {
      id: 'exit-code-lost',
      breaks: 'the program of MISC_CHECK always ends with 0',
      change: onService(ports.misc, {
        healthCheck: { ...asking, check: 'misc', timeoutMs: 2_000, script: 'ping -c 1 -W 1 {rip} || exit 0' },
      }),
      reason: /MISC_CHECK did not notice/,
    },
    {
      id: 'digest-not-asked',
      breaks: 'the digest of the page is not compared',
      change: onService(ports.digest, { healthCheck: { ...asking, check: 'http' } }),
      reason: /another page.*HTTP_GET with digest did not notice/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { victim, name, director, weights, whenSo, allBack } = await watch(lab);
    const rs = lab.host(victim);
    const noticedOf = async (what: string): Promise<Kinds['faults'][number]> => {
      const should = noticing[what] ?? [];
      for (const port of should)
        await whenSo(port, `${victim} gone`, (all) => !(victim in all), limitAt(lab.spec, port) + slackMs);
      const noticed: string[] = [];
      for (const one of kindNames) if (!(victim in (await weights(one.port)))) noticed.push(one.name);
      await evidence.save(`ipvs-${what.split(' ')[0]}.txt`, await ipvs.text(director));
      const shouldNotice = kindNames.filter(({ port }) => should.includes(port)).map((one) => one.name);
      return { what, shouldNotice, noticed };
    };
    const faults: Kinds['faults'] = [];
    note(`${victim} answers health checks with 500`);
    const wrong = await lab.faults.start({
      kind: 'errorAnswers',
      host: victim,
      status: 500,
      requesters: 'directors',
    });
    try {
      faults.push(await noticedOf(errors));
    } finally {
      await wrong.revert();
    }
    await allBack();
    note(`${name} asks from another address, which the page names; ${victim} drops echoes and datagrams`);
    const [mine] = lab.spec.hosts.filter((host) => host.name === name);
    const rules = ['-p icmp --icmp-type echo-request -j DROP', `-p udp --dport ${ports.datagrams} -j DROP`];
    try {
      await rs.exec(rules.map((rule) => `iptables-legacy -I INPUT ${rule}`).join('\n'));
      await director.exec(askingFrom(lab.spec, secondDipOf(lab.spec)));
      faults.push(await noticedOf(otherwise));
    } finally {
      await rs.exec(rules.map((rule) => `iptables-legacy -D INPUT ${rule} || :`).join('\n'));
      await director.exec(askingFrom(lab.spec, mine?.ip ?? ''));
    }
    await allBack();
    return { server: victim, faults };
  },
  judge({ server, faults }) {
    const expected = faults
      .map(({ what, shouldNotice }) => `${what}: ${list(shouldNotice)} notice`)
      .join('; ');
    if (faults.length < 2) return inconclusive(expected, 'not every fault was tried');
    const said = faults.map(({ what, shouldNotice, noticed }) => {
      const missed = shouldNotice.filter((kind) => !noticed.includes(kind));
      const toomuch = noticed.filter((kind) => !shouldNotice.includes(kind));
      const parts = [
        `${list(noticed)} noticed`,
        ...(missed.length > 0 ? [`${list(missed)} did not notice`] : []),
        ...(toomuch.length > 0 ? [`${list(toomuch)} had no reason to`] : []),
      ];
      return { ok: missed.length + toomuch.length === 0, text: `${what}: ${parts.join(', ')}` };
    });
    const seen = `${server} ${said.map(({ text }) => text).join('; ')}`;
    if (said.every(({ ok }) => ok)) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'a health check looks at something other than intended',
      remedy: advice(
        'compare the checks in keepalived.conf with what the service needs: status_code, digest, misc_path, require_reply',
      ),
    });
  },
});

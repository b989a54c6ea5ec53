import { check } from '../../../src/model/check.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { HostSpec } from '../../../src/model/spec.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { runProgram, startProgram } from '../../../src/programs/index.ts';
import { CannotHere } from '../../../src/util/errors.ts';
import { Scope } from '../../../src/util/scope.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { firstServer } from '../../common/mutate.ts';
import { on } from '../../common/remedy.ts';
import { clientOf, list, realServersOf, serviceOf } from '../../common/subjects.ts';
import { variety } from '../staged.ts';
import { addService, withRules } from './rules.ts';

const port = 9_900;

interface Associations {
  director: string;
  servers: { name: string; state: string }[];
  answers: string[];
  entries: number;
}

async function serve(host: Host, { name }: HostSpec, vip: string, scope: Scope): Promise<string> {
  const process = scope.use(await startProgram(host, 'sctp-server', [vip, port, name]));
  for await (const line of process.lines()) return line;
  return `ended: ${process.stderr()}`;
}

async function associate(lab: Lab, scope: Scope): Promise<Associations> {
  const service = serviceOf(lab.spec, 'tcp');
  const name = await activeDirector(lab, service.vip);
  const director = lab.host(name);
  const hosts = realServersOf(lab.spec, service);
  const servers: Associations['servers'] = [];
  for (const host of hosts) {
    const state = await serve(lab.host(host.name), host, service.vip, scope);
    if (state.startsWith('no SCTP')) throw new CannotHere(`the kernel of ${host.name} has ${state}`);
    servers.push({ name: host.name, state });
  }
  const rips = hosts.map((host) => `${host.ip}:${port}`);
  const setUp = addService(`--sctp-service ${service.vip}:${port}`, '-s rr', rips);
  return withRules(director, setUp, async () => {
    const words = [service.vip, port, 2 * hosts.length];
    const said = await runProgram(lab.host(clientOf(lab.spec).name), 'sctp-client', words);
    const answers = said.map((row) => row.join(' '));
    const entries = (await ipvs.connections(director)).filter((one) => one.protocol === 'sctp');
    return { director: name, servers, answers, entries: entries.length };
  });
}

/** Linux ip_vs_proto_sctp.c: an association is scheduled by its INIT chunk. */
export const sctpIsBalanced = check<Associations>({
  id: 'PP-18',
  suite: 'path',
  level: 'should',
  title: 'an SCTP service is balanced like a TCP one',
  requirement:
    'Associations to an SCTP service come about, go to the real servers in turn, and have entries.',
  source: 'Linux ip_vs_proto_sctp.c; ipvsadm(8) --sctp-service',
  needs: ['ipvs', 'director', 'settableDirector'],
  stage: variety,
  mutants: [
    {
      id: 'vip-missing',
      breaks: 'the VIP left out on one real server',
      change: firstServer({ vipDevice: 'none' }),
      reason: /timeout.*rs1: not bound/,
    },
  ],
  async observe({ lab }) {
    await using scope = new Scope();
    return await associate(lab, scope);
  },
  judge({ director, servers, answers, entries }) {
    const names = servers.map((one) => one.name);
    const expected = `${answers.length} associations answered by ${list(names)} in turn, one entry each`;
    if (answers.every((answer) => answer.startsWith('no SCTP')))
      return inconclusive(expected, `the client has ${list(answers)}`);
    const good = answers.filter((answer) => names.includes(answer));
    const seen = `answers: ${answers.join(' ')}; ${entries} entries`;
    const even = names.every((name) => good.filter((answer) => answer === name).length === 2);
    if (even && good.length === answers.length && entries === answers.length) return pass(expected, seen);
    const deaf = servers.filter((one) => one.state !== 'ready');
    return fail(expected, seen, {
      cause:
        deaf.length > 0
          ? `on ${list(deaf.map(({ name, state }) => `${name}: ${state}`))}`
          : `${director} does not forward SCTP to all real servers`,
      remedy: [
        ...on(
          deaf.map((one) => one.name),
          'ip addr show dev lo',
        ),
        ...on(director, 'ipvsadm -Ln'),
      ],
    });
  },
});

import { type Check, check, type Observing } from '../../src/model/check.ts';
import { bothFamilies } from '../../src/model/family.ts';
import type { Scope } from '../../src/util/scope.ts';
import { once } from '../common/vantages.ts';
import { inspected } from './inspect.ts';
import { changesSince, differencesIn, judged } from './judging.ts';
import { bothOf, type Look, lookAt, type State } from './look.ts';
import { driftMutants, stateMutants } from './mutants.ts';

/**
 * What is set on the hosts, beside what the lab file says.
 *
 *   lab file ──> applied ──> hooks ──> STA-01 ──> the other checks ──> STA-02
 *                              ^                        ^
 *                              └── another program ─────┘
 */

/** What a lab looked like when it had been configured: for the second look at the same lab. */
const configured = new WeakMap<Scope, Look>();

async function look({ lab, evidence }: Observing): Promise<Look> {
  const texts = await inspected(lab);
  await evidence.save('state.txt', [...texts].map(([host, text]) => page(host, text)).join('\n'));
  return lookAt(lab.spec, lab.configs, texts);
}

/** Without the sysctls, which are a thousand lines; those that are not as they should be are in the observation. */
const page = (host: string, text: string): string =>
  `##### ${host}\n${text.replace(/^=== sysctls\n[\s\S]*/m, '')}`;

export const asWritten = check<State>({
  id: 'STA-01',
  announced: true,
  suite: 'state',
  families: bothFamilies,
  level: 'should',
  title: 'after applying, the hosts are what the lab file says',
  requirement:
    'Addresses, routes, neighbours, queues, filters, sysctls and the tables of IPVS are those of the lab file, and no others.',
  source: 'ipvsadm(8); ip(8); Linux ip_vs_proto_tcp.c (timeouts 900, 120 and 300 s)',
  needs: [],
  scheduling: { turn: 'first' },
  mutants: stateMutants,
  establishes: ['asWritten'],
  vantages: once('it looks at every host'),
  async observe(on) {
    const seen = await look(on);
    configured.set(on.lab.scope, seen);
    return seen.state;
  },
  judge(state, { spec }) {
    const found = differencesIn(spec, state);
    const judgement = judged(spec, 'every host as the lab file has it', state, found);
    if (judgement.verdict !== 'fail') return judgement;
    const hosts = [...new Set(found.map(({ host }) => host))];
    return { ...judgement, refutes: [{ precondition: 'asWritten', hosts }] };
  },
});

interface Drift {
  /** Missing where nobody looked after the lab was configured. */
  before?: State;
  after: State;
}

export const stillAsWritten = check<Drift>({
  id: 'STA-02',
  announced: true,
  suite: 'state',
  families: bothFamilies,
  level: 'should',
  title: 'after the other checks, the hosts still are what they were',
  requirement:
    'What was configured stays: nothing but the daemons of the lab changes it while traffic passes.',
  source: 'ipvsadm(8); ip(8); keepalived.conf(5)',
  needs: [],
  scheduling: { turn: 'last' },
  mutants: driftMutants,
  follows: ['asWritten'],
  vantages: once('it looks at every host'),
  async observe(on) {
    const after = await look(on);
    const before = configured.get(on.lab.scope);
    return before ? bothOf(before, after) : { after: after.state };
  },
  judge({ before, after }, { spec }) {
    if (!before) return judged(spec, 'every host as the lab file has it', after, differencesIn(spec, after));
    const expected = 'every host as it was after the lab was configured';
    const known = differencesIn(spec, before).length;
    const more = known === 0 ? '' : `, apart from what STA-01 shows`;
    return judged(spec, expected, after, changesSince(spec, before, after), more);
  },
});

export const state: Check[] = [asWritten, stillAsWritten];

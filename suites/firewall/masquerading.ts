import type { Mutant } from '../../src/model/check.ts';
import { vipsOf } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { onSecondVip } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, on } from '../common/remedy.ts';
import { inStage } from '../common/stages.ts';
import { clientOf, list, serviceOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import { askAll, type Passage, passage } from './passage.ts';
import { directorRules } from './rules.ts';
import { firewalled } from './stage.ts';

const masqueradeWithConntrack: Mutant = {
  id: 'masquerade-with-conntrack',
  breaks: 'a MASQUERADE rule for the VIP, and vs.conntrack=1',
  change: (spec) =>
    onDirectors(() => 'sysctl -qw net.ipv4.vs.conntrack=1')(
      directorRules((lab) => [`-t nat -A POSTROUTING -d ${vipsOf(lab)[0]} -j MASQUERADE`])(spec),
    ),
  reason: /with source 198\.18\.0\.\d+ .*d1 masquerades/,
};

/**
 * Linux ip_vs_notrack(): with vs.conntrack=0 the NAT table never sees these packets, so a rule is in vain; with 1 it
 * changes their source, the real server answers the director, and the connection is dead.
 */
export const sourceStaysClient = functional<Passage>({
  id: 'FW-03',
  suite: 'firewall',
  level: 'must',
  title: 'masquerading does not touch what goes to real servers',
  requirement:
    'Packets leave the director with the address of the client as source, whatever its NAT rules say; direct routing needs no masquerading.',
  source: 'Linux ip_vs_notrack(), ipvs-sysctl.rst conntrack; LVS-HOWTO, LVS-DR',
  needs: ['capture', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [masqueradeWithConntrack, onSecondVip(masqueradeWithConntrack)],
  observe: ({ lab, evidence }) => {
    const service = serviceOf(lab.spec, 'tcp');
    return passage(lab, service, evidence, askAll);
  },
  judge({ director, answers, first, sources }, { spec }) {
    const { ip } = clientOf(spec);
    const expected = `all that leaves ${director} for the VIP has the source ${ip}, and real servers see that`;
    const others = sources.filter((source) => source !== ip);
    const ok = answers.filter((one) => one.ok);
    const told = ok.flatMap((one) => (one.seenAs === undefined || one.seenAs === ip ? [] : [one.seenAs]));
    const seen = `packets left with source ${list(sources)} and ${ok.length} of ${answers.length} connections were answered`;
    if (first.in === 0 || sources.length === 0)
      return inconclusive(expected, 'nothing went through the director');
    if (others.length > 0 || told.length > 0)
      return fail(expected, `${seen}; real servers saw ${list([...others, ...told])}`, {
        cause: `${director} masquerades: a NAT rule matches, since connection tracking of IPVS is on`,
        remedy: [
          ...on(director, 'sysctl -w net.ipv4.vs.conntrack=0', 'iptables -t nat -S POSTROUTING'),
          ...advice('remove the rule that masquerades'),
        ],
      });
    return pass(expected, seen);
  },
});

/** With the MASQUERADE rule there, and vs.conntrack=0: in vain, which refutes that direct routing needs it. */
export const masqueradeIsInVain = inStage(firewalled, sourceStaysClient);

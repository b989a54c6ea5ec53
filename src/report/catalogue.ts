import type { Check } from '../model/check.ts';
import { familyWords } from '../model/family.ts';
import { methodWords } from '../model/forwarding.ts';
import type { Vantages } from '../model/vantage.ts';
import { code, table, text } from './text/md.ts';
import { levelName, suiteOrder } from './text/verdicts.ts';

/** `docs/catalogue.md`, drawn from the checks themselves. */

export interface LeftOut {
  id: string;
  what: string;
  why: string;
}

export function catalogueDocument(checks: readonly Check[], leftOut: readonly LeftOut[]): string {
  const of = (level: Check['level']) =>
    checks.filter((check) => check.level === level && !twin(check)).length;
  const mutants = checks.reduce((sum, check) => sum + check.mutants.length, 0);
  return `# The catalogue of checks

Drawn from the checks themselves by \`drlab list --markdown\`; not to be edited by hand. ${of('must')} MUST, ${of('should')} SHOULD, ${of('measure')} measurements;
${mutants} mutants, each a misconfiguration that makes its check fail for a stated reason. IDs are stable: cite them.

A check without a *stage* judges the lab as its file says. One with a stage judges a lab derived from it, which the
stage describes; where the lab as written has what the check is about, it is judged there and not in its stage. Of ${checks.length} checks, counted with their twins, ${checks.filter(({ stage, own }) => !stage || own).length}
may judge the lab as written: ${checks.filter(({ stage }) => !stage).length} always, ${checks.filter(({ stage, own }) => stage && own).length} where it has their subject. \`ID@stage\` is the same check in another lab. Kinds of client are those on the segment and those behind
each router; kinds of service differ in VIP, family or forwarding method.

${suiteOrder.map((suite) => suiteSection(suite, checks)).join('')}${leftOutSection(leftOut)}`;
}

const twin = ({ id }: Check): boolean => id.includes('@');

function suiteSection(suite: Check['suite'], checks: readonly Check[]): string {
  const own = checks.filter((check) => check.suite === suite);
  if (own.length === 0) return '';
  return `## ${suite}\n\n${own
    .filter((check) => !twin(check))
    .map((check) => entry(check, own))
    .join('\n')}\n`;
}

function entry(check: Check, suite: readonly Check[]): string {
  const { id, level, title, requirement, source, stage, own, mutants, vantages } = check;
  const also = suite.filter((other) => other.id.startsWith(`${id}@`));
  const lines = [
    `- Source: ${text(source)}`,
    vantages && `- Looks ${lookedFrom(vantages)}`,
    check.families && `- Families: ${familyWords(check.families)}`,
    check.forwards && `- Forwarding methods: ${methodWords(check.forwards)}`,
    stage && `- Stage: \`${stage.id}\`, ${text(stage.title)}`,
    own && `- In the lab as written, where that has ${text(own.subject)}`,
    also.length > 0 &&
      `- Also judged in: ${also.map((one) => `\`${one.stage?.id}\`, ${text(one.stage?.title ?? '')}`).join('; ')}`,
    ...mutants.map((mutant) => `- Mutant \`${mutant.id}\`: ${text(mutant.breaks)}`),
  ].filter((line) => line !== undefined && line !== false);
  return `### ${id} ${text(title)}\n\n**${levelName[level]}** ${text(requirement)}\n\n${lines.join('\n')}\n`;
}

/** «from each kind of client, at each kind of tcp service». */
function lookedFrom(vantages: Vantages): string {
  if ('once' in vantages) return `once: ${text(vantages.once)}`;
  const { clients, services } = vantages;
  const kind = services && [services.protocol, services.scheduler].filter(Boolean).join(' ');
  const parts = [clients && 'from each kind of client', kind && `at each kind of ${kind} service`];
  return parts.filter(Boolean).join(', ');
}

function leftOutSection(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '';
  const rows = leftOut.map((one) => [code(one.id), text(one.what), text(one.why)]);
  return `## Left out\n\n${table(['', 'what', 'why'], rows)}\n`;
}

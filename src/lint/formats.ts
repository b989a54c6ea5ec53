import { shownPlace } from '../reading/place.ts';
import type { Finding, Rule, Severity } from './rule.ts';

/** What was found, for people and for programs. */

export interface Outcome {
  findings: Finding[];
  /** Findings that a comment in the file allows. */
  allowed: Finding[];
  files: string[];
}

const editOf = ({ rule, edit }: Finding): string => edit ?? rule.edit;

export function asText({ findings, allowed, files }: Outcome): string {
  const told = findings.map((one) => {
    const seen = one.rule.checks ? `\n  judged in a lab by: ${one.rule.checks.join(', ')}` : '';
    return `${shownPlace(one.place)}: ${one.rule.severity} ${one.rule.id}: ${one.text}\n  why: ${one.rule.why}\n  edit: ${editOf(one)}${seen}\n`;
  });
  const counts = (['error', 'warning', 'note'] as const).map((kind) =>
    counted(findings.filter((one) => one.rule.severity === kind).length, kind),
  );
  const read = `${counted(files.length, 'file')} read`;
  const exempt = allowed.length > 0 ? `, ${counted(allowed.length, 'finding')} allowed in the files` : '';
  return `${told.map((one) => `${one}\n`).join('')}${counts.join(', ')}; ${read}${exempt}\n`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const asJson = ({ findings, allowed, files }: Outcome): string =>
  `${JSON.stringify({ version: 1, files, findings: findings.map(plain), allowed: allowed.map(plain) }, null, 2)}\n`;

const plain = (one: Finding) => ({
  id: one.rule.id,
  severity: one.rule.severity,
  ...one.place,
  text: one.text,
  why: one.rule.why,
  edit: editOf(one),
  checks: one.rule.checks ?? [],
});

/** Commands that GitHub turns into annotations of a pull request. */
export function asGithub({ findings }: Outcome): string {
  const command: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'notice' };
  const value = (text: string): string =>
    text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (text: string): string => value(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  return findings
    .map(({ rule, place, ...one }) => {
      const at = `file=${property(place.file)},line=${place.line},col=${place.column},title=${property(rule.id)}`;
      return `::${command[rule.severity]} ${at}::${value(`${one.text}. Edit: ${one.edit ?? rule.edit}`)}\n`;
    })
    .join('');
}

/** SARIF 2.1.0 (OASIS). */
export function asSarif({ findings, allowed }: Outcome, rules: readonly Rule[], version: string): string {
  const result = (one: Finding, isAllowed: boolean) => ({
    ruleId: one.rule.id,
    ruleIndex: rules.indexOf(one.rule),
    level: one.rule.severity,
    message: { text: `${one.text}. ${one.rule.why} Edit: ${editOf(one)}.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: one.place.file },
          region: { startLine: one.place.line, startColumn: one.place.column },
        },
      },
    ],
    ...(isAllowed && { suppressions: [{ kind: 'inSource' }] }),
  });
  const driver = {
    name: 'drlab lint',
    version,
    rules: rules.map(({ id, title, why, edit, severity }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: why },
      help: { text: edit },
      defaultConfiguration: { level: severity },
    })),
  };
  const results = [...findings.map((one) => result(one, false)), ...allowed.map((one) => result(one, true))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

export const explained = ({ id, severity, title, why, edit, checks }: Rule): string =>
  [
    `${id} (${severity}): ${title}`,
    '',
    why,
    `Edit: ${edit}.`,
    ...(checks ? [`Judged in a lab by ${checks.join(', ')}: drlab run ${checks[0]}`] : []),
    '',
  ].join('\n');

import type { Statement } from '../../reading/keepalived/index.ts';
import type { Remark } from '../../reading/place.ts';
import { type Finding, found, type Group, type Rule } from '../rule.ts';

const unknown: Rule = {
  id: 'KA-01',
  severity: 'error',
  title: 'every line of keepalived.conf is one that keepalived takes',
  why: 'keepalived warns in its log, ignores the line and runs on: the pair does not do what the file says.',
  edit: 'correct the word, move it to the block where it belongs, or remove the line',
};
const syntax: Rule = {
  id: 'KA-02',
  severity: 'error',
  title: 'keepalived.conf is well formed',
  why: 'A brace or quote that is missing changes what all lines after it mean, or ends keepalived.',
  edit: 'close what is open',
};
const unit: Rule = {
  id: 'KA-03',
  severity: 'error',
  title: 'numbers have no unit',
  why: 'keepalived 2.2.7 reads «10s» of a time with a fraction as 10 microseconds: health checks in a busy loop, or a delay that is none.',
  edit: 'write the number of seconds alone',
};
const range: Rule = {
  id: 'KA-04',
  severity: 'error',
  title: 'values are in the range that keepalived takes',
  why: 'A value out of range is ignored or replaced, and the default that takes its place is seldom what was meant.',
  edit: 'write a value in the range',
};
const notRead: Rule = {
  id: 'KA-05',
  severity: 'note',
  title: 'all included files are there to be read',
  why: 'What stands in a file that is missing is not judged here, and an «include» without a match is silent in keepalived, too.',
  edit: 'give the folder of the host, such as lb1 with lb1/etc/keepalived/keepalived.conf',
};

/** What keepalived says of the words, braces and numbers of its file. */
export const syntaxRules: Group = {
  rules: [unknown, syntax, unit, range, notRead],
  host({ keepalived }) {
    if (!keepalived) return [];
    const { remarks, statements } = keepalived.configuration;
    return [...remarks.flatMap(ofRemark), ...statements.flatMap(ofValues)];
  },
};

function ofRemark({ kind, place, text }: Remark): Finding[] {
  if (kind === 'depends') return [];
  if (kind === 'not read') return found(notRead, place, text);
  return found(kind === 'unknown' ? unknown : syntax, place, text);
}

function ofValues(statement: Statement): Finding[] {
  return [...ofArguments(statement), ...statement.block.flatMap(ofValues)];
}

function ofArguments({ keyword, args: [first] }: Statement): Finding[] {
  const { name, arguments: form } = keyword;
  if (!first) return [];
  const numeric = /^(-?[\d.]+)\.\.(-?[\d.]*)( \w+)?( decimal)?/.exec(form);
  if (numeric) return ofNumber(name, first, numeric, keyword.default);
  const choice = /^[\w.|?-]+\|[\w.|-]+/.exec(form)?.[0].split('|');
  const same = (one: string): boolean =>
    one === first.text || (caseless.includes(name) && one.toLowerCase() === first.text.toLowerCase());
  if (!choice || choice.some((one) => one.includes('..') || same(one))) return [];
  return found(
    range,
    first.place,
    `«${name}» is ${choice.join(', ')}, not «${first.text}»: keepalived takes ${usual(keyword.default)}`,
  );
}

/** Of all choices keepalived takes these alone in lower case, too. */
const caseless = ['protocol', 'type'];

type Argument = Statement['args'][number];

function ofNumber(
  name: string,
  { text, place }: Argument,
  form: RegExpExecArray,
  defaultValue: string,
): Finding[] {
  const [, least = '', most = '', , decimal] = form;
  const number = /^(-?\d+(?:\.\d+)?)(.*)$/.exec(text);
  if (!number)
    return found(range, place, `«${name} ${text}» is no number: keepalived takes ${usual(defaultValue)}`);
  const [, digits = '', rest] = number;
  if (rest) {
    const taken =
      decimal && !digits.includes('.')
        ? `as ${digits} microseconds`
        : 'without what follows the number, or not at all';
    return found(
      unit,
      place,
      `«${name} ${text}» has a unit: keepalived takes it ${taken}`,
      `write ${name} ${digits}`,
    );
  }
  const value = Number(digits);
  if (value >= Number(least) && (most === '' || value <= Number(most))) return [];
  const limits = most === '' ? `at least ${least}` : `from ${least} to ${most}`;
  return found(range, place, `«${name} ${text}» must be ${limits}: keepalived takes ${usual(defaultValue)}`);
}

const usual = (defaultValue: string): string => (defaultValue ? `its default, ${defaultValue}` : 'none');

import { checksKeywords } from './keywords/checks.ts';
import { globalKeywords } from './keywords/global.ts';
import { lvsKeywords } from './keywords/lvs.ts';
import { vrrpKeywords } from './keywords/vrrp.ts';

/** A keyword of keepalived.conf as keepalived 2.2.7 knows it. */
export interface Keyword {
  name: string;
  /** The block that it stands in, such as `virtual_server.real_server`; '' is the outermost. */
  context: string;
  /** The first release that knows it there. */
  since: string;
  /** Such as `0..255`, `0.01..255 s decimal`, `bool?`, `NAT|DR|TUN words?`. */
  arguments: string;
  default: string;
  /** What of IPVS, VRRP, a health check or the host it sets. */
  sets: string;
  /** It opens a block of keywords, or of lines in a form of their own. */
  block?: 'keywords' | 'lines';
}

const tables = [globalKeywords, vrrpKeywords, lvsKeywords, checksKeywords];

export const keywords: readonly Keyword[] = tables.flatMap(parse);

function parse(table: string): Keyword[] {
  let context = '';
  const found: Keyword[] = [];
  for (const row of table.trim().split('\n')) {
    const head = /^\[(.*)\]$/.exec(row);
    if (head) context = head[1] ?? '';
    else found.push(keyword(context, row.split(' | ')));
  }
  return found;
}

function keyword(
  context: string,
  [name = '', since = '', args = '', usual = '', sets = '']: string[],
): Keyword {
  const block = args.endsWith('{}') ? 'keywords' : args.endsWith('[]') ? 'lines' : undefined;
  const own = { name, context, since, arguments: args.replace(/ ?(\{\}|\[\])$/, ''), default: usual, sets };
  return block ? { ...own, block } : own;
}

const byContext = new Map<string, Map<string, Keyword>>();
for (const one of keywords) {
  const known = byContext.get(one.context) ?? new Map<string, Keyword>();
  byContext.set(one.context, known.set(one.name, one));
}

export const keywordsOf = (context: string): ReadonlyMap<string, Keyword> =>
  byContext.get(context) ?? new Map();

/** Where else a word is a keyword, such as `vrrp_instance`. */
export const contextsOf = (name: string): string[] =>
  keywords.filter((one) => one.name === name).map((one) => one.context);

export const within = ({ context, name }: Keyword): string => (context ? `${context}.${name}` : name);

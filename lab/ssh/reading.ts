/**
 * What may run on a machine that must not be changed: shell scripts of simple commands that are known to read only.
 * Everything that is not understood is refused.
 */

/** For each program: whether these arguments only read. */
const readers: Record<string, (args: string[]) => boolean> = {
  cat: onlyPlain,
  echo: () => true,
  printf: () => true,
  true: () => true,
  ':': () => true,
  '[': () => true,
  test: () => true,
  read: () => true,
  exit: () => true,
  break: () => true,
  sleep: () => true,
  head: onlyPlain,
  grep: () => true,
  id: () => true,
  uname: () => true,
  ip: (args) => ipReads(args),
  tc: (args) => args.some((arg) => showing.test(arg)) && !args.some((arg) => changing.test(arg)),
  ethtool: (args) => args.length === 1 || /^-[kSicg]$/.test(args[0] ?? ''),
  ipvsadm: (args) =>
    /^(-[SL][nc]*|--save|--list)$/.test(args[0] ?? '') &&
    args
      .slice(1)
      .every((arg) => /^(-[nc]+|--(numeric|connection|stats|rate|exact|timeout|daemon))$/.test(arg)),
  nft: (args) => {
    const words = args.filter((arg) => !/^-[anjs]+$/.test(arg));
    return words[0] === 'list' && words.every((arg) => !arg.startsWith('-'));
  },
  sysctl: (args) => args.every((arg) => /^-[an]+$/.test(arg) || /^\w[\w./-]*$/.test(arg)),
};

const showing = /^(show|list|ls|get)$/;
const changing = /^(add|del|delete|replace|change|set|flush|append|exec|-b|-batch|-force|-n|-netns)$/;

function onlyPlain(args: string[]): boolean {
  return args.every((arg) => !arg.startsWith('--output'));
}

/** `ip OBJECT` alone shows; a batch, another namespace or anything that changes is refused. */
function ipReads(args: string[]): boolean {
  if (args.some((arg) => changing.test(arg) && arg !== '-n')) return false;
  const words = args.filter((arg) => !arg.startsWith('-'));
  return (
    /^(a|addr|address|neigh|neighbour|r|route|link|rule|maddress)$/.test(words[0] ?? '') &&
    (words[1] === undefined || showing.test(words[1]))
  );
}

const keywords = /^(if|then|elif|else|fi|while|until|do|done|!|exec|\{|\})$/;

/** @returns what in the script is not known to read only; undefined when all of it is. */
export function whyNotReading(script: string): string | undefined {
  const hidden = hideQuoted(withoutShowingBatches(script));
  if (hidden === undefined) return 'unterminated quotes';
  const { text, quoted } = hidden;
  const shown = (part: string): string =>
    part.replace(/\0(\d+)\0/g, (_, at: string) => quoted[Number(at)] ?? '');
  if (/`|\$\(|<\(|<<|\beval\b|\bfunction\b|\(\)/.test(text))
    return 'a substitution, a here-document or a function';
  if (quoted.some((part) => part.startsWith('"') && /`|\$\(/.test(part))) return 'a substitution';
  const redirects = text.replace(/\d?>&\d/g, '').replace(/\d?>\s*\/dev\/null/g, '');
  const redirect = /\d?>+\|?\s*\S*/.exec(redirects);
  if (redirect) return `«${shown(redirect[0])}»`;
  for (const piece of redirects.split(/\n|;|&&|\|\||\||&/)) {
    const words = piece
      .replace(/<\s*\S+/g, ' ')
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    while (words[0] !== undefined && (keywords.test(words[0]) || /^\w+=/.test(words[0]))) words.shift();
    if (words[0] === undefined || words[0] === 'for') continue;
    const program = shown(words[0]);
    const reads = Object.hasOwn(readers, program) ? readers[program] : undefined;
    if (!reads?.(words.slice(1).map(shown))) return `«${shown(words.join(' ')).slice(0, 80)}»`;
  }
  return undefined;
}

/** `ip -batch -` with a here-document of which every line only shows. */
const withoutShowingBatches = (script: string): string =>
  script.replace(/^ip -batch - (?:2>&1 )?<<'(\w+)'\n([\s\S]*?)^\1$/gm, (all, _, body: string) =>
    body
      .trim()
      .split('\n')
      .every((line) => ipReads(line.trim().split(/\s+/)))
      ? 'true'
      : all,
  );

/** Quoted parts become numbers between NULs, so that what looks like syntax in them is not taken for it. */
function hideQuoted(script: string): { text: string; quoted: string[] } | undefined {
  const quoted: string[] = [];
  const text = script.replace(/\\\n/g, ' ').replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, (part) => {
    quoted.push(part);
    return `\0${quoted.length - 1}\0`;
  });
  return /['"\\]/.test(text) ? undefined : { text, quoted };
}

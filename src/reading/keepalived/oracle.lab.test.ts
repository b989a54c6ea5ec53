import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { drlab } from '../../cli/testing/drlab.ts';
import { fieldsOf, fieldsSaid } from '../testing/dump.ts';
import { filesOf } from '../testing/texts.ts';
import { intentOf, readKeepalived } from './index.ts';

/** What keepalived itself says of files, against what is read here. Its samples are read for what it complains of. */

const corpus = fileURLToPath(new URL('corpus', import.meta.url));
const samples = '/usr/share/doc/keepalived/samples';
const files = [corpus, samples].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^keepalived\.conf\.|\.conf$/.test(name))
    .map((name) => join(folder, name)),
);

/** One process at a time, since two write into each other's lines: first VRRP, then the checkers. */
const dumps = `
ip addr add 192.0.2.11/24 dev eth0
dump() {
  setsid keepalived -n -l -d -G -i lb1 "$2" -f "$1" -p /run/o.p -r /run/o.v -c /run/o.c -b /run/o.b >/run/dump 2>&1 &
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    sleep 0.1
    kill -0 $! 2>/dev/null && ! grep -q "$3" /run/dump || break
  done
  kill -9 -- -$! 2>/dev/null
  rm -f /run/o.?
  cat /run/dump
}
for file in ${files.join(' ')}; do
  echo "=== $file"
  case $file in
    ${corpus}/*)
      dump "$file" -P 'Interfaces >'
      ! grep -q virtual_server "$file" || dump "$file" -C 'Activating BFD' ;;
    *) keepalived -t -i lb1 -f "$file" 2>&1 ;;
  esac
done
`;

const logs = new Map<string, string>();
beforeAll(async () => {
  const { stdout } = await drlab([
    'lab',
    'shell',
    '--lab',
    'minimal',
    '--sandbox',
    'uml',
    '--',
    'd1',
    'sh',
    '-c',
    dumps,
  ]);
  for (const part of stdout.split(/^=== /m).slice(1)) {
    const [file = '', ...log] = part.split('\n');
    logs.set(file, log.join('\n'));
  }
});

const read = (file: string) =>
  readKeepalived(file, readFileSync(file, 'utf8'), { files: filesOf({}), configId: 'lb1' });

/** The lines of which keepalived says that it does not know them, or their braces. */
const refusedLines = (log: string): number[] => {
  const found = log.matchAll(/Line (\d+)\) (?:Unknown keyword|Unexpected '\{'|Missing '\{'|Extra '\}')/g);
  return [...new Set(Array.from(found, ([, line]) => Number(line)))].sort((a, b) => a - b);
};

test.each(files)('%s: what keepalived does not take is what is not taken here', (file) => {
  const { remarks } = read(file);
  const lines = remarks.filter(({ kind }) => kind !== 'depends').map(({ place }) => place.line);
  expect([...new Set(lines)]).toEqual(refusedLines(logs.get(file) ?? ''));
});

test.each(files.filter((file) => file.startsWith(corpus)))(
  '%s: every field that is read is that of its dump',
  (file) => {
    const log = logs.get(file) ?? '';
    expect(log).toMatch(/< (VRRP|LVS) Topology >/);
    expect(fieldsSaid(intentOf(read(file)))).toEqual(fieldsOf(log));
  },
);

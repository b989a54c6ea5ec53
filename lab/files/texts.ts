import { readFile, stat } from 'node:fs/promises';
import type { ConfigText } from '../../src/model/lab.ts';
import type { HostSpec } from '../../src/model/spec.ts';
import { isPrivate, masked } from './masked.ts';
import { passing, scriptOf, staying } from './steps.ts';

/** Of a file as evidence. */
const longestBytes = 256 * 1024;

/** The files of a host as they are, and what is started on them, as evidence. */
export async function textsOf({ name, files }: HostSpec): Promise<ConfigText[]> {
  if (!files) return [];
  const started = [...passing(files), ...staying(files)].map((step) => `${scriptOf(step, files)}\n`).join('');
  const texts = await Promise.all(
    files.paths.map(async (path) => ({
      host: name,
      name: path,
      text: await shown(`${files.from}${path}`, path),
    })),
  );
  return [
    ...texts.filter(({ text }) => text !== ''),
    { host: name, name: 'start', text: started || '(nothing)\n' },
  ];
}

async function shown(file: string, path: string): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile() || info.size > longestBytes) return '';
  const text = await readFile(file, 'utf8');
  if (/\0|\ufffd/.test(text)) return '';
  return isPrivate(path, text) ? '(a secret)\n' : masked(path, text);
}

import { lstat, readFile, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Host } from '../../src/model/host.ts';
import type { FilesSpec, HostSpec } from '../../src/model/spec.ts';
import { aloneOn } from '../../src/model/starters.ts';
import { messageOf, StepFailed } from '../../src/util/errors.ts';
import { quote, quoteAll } from '../../src/util/quote.ts';

/**
 * Puts the files of a host where they belong, on a host that shares its files with nobody.
 * @param there whether a file has been put there otherwise.
 * @throws {StepFailed} for a file that cannot lie there.
 */
export async function putFiles(
  { files, name }: HostSpec,
  host: Pick<Host, 'put' | 'exec'>,
  there: (path: string) => boolean = () => false,
): Promise<void> {
  if (!files) return;
  try {
    await host.exec(clearing(files));
    for (const path of files.paths.filter((one) => !there(one))) await putFile(files, path, host);
  } catch (error) {
    throw new StepFailed(`${files.place}.files`, `on ${name}: ${messageOf(error)}`);
  }
}

/** What the image brings and would mix with the files; and the folders that their programs expect. */
const clearing = ({ paths }: FilesSpec): string => {
  const alone = aloneOn(paths);
  return `mkdir -p /run/lock /run/network /var/log${alone.length > 0 ? ` && rm -rf -- ${quoteAll(alone)}` : ''}`;
};

async function putFile({ from }: FilesSpec, path: string, host: Pick<Host, 'put' | 'exec'>): Promise<void> {
  const info = await lstat(`${from}${path}`);
  if (info.isSymbolicLink()) {
    const target = await readlink(`${from}${path}`);
    await host.exec(`mkdir -p ${quote(dirname(path))} && ln -sfn -- ${quoteAll([target, path])}`);
    return;
  }
  await host.put(path, await readFile(`${from}${path}`));
  await host.exec(`exec chmod ${(info.mode & 0o7777).toString(8)} ${quote(path)}`);
}

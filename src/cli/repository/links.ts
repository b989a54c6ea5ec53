import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { exists } from '../../util/exists.ts';

/** @returns links of the pages in a folder that lead nowhere on this machine, as `PAGE: LINK`; the web is not asked. */
export async function lostLinks(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const pages = files
    .filter((file) => file.isFile() && /\.(html|md)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name));
  const lost: string[] = [];
  for (const page of pages) {
    for (const link of linksOf(await readFile(page, 'utf8')))
      if (!(await leads(page, link))) lost.push(`${relative(folder, page)}: ${link}`);
  }
  return lost;
}

const linksOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/(?:\shref|\ssrc)="([^"]*)"|\]\(([^)\s]+)\)/g)]
      .map(([, html, markdown]) => html ?? markdown ?? '')
      .filter((link) => !/^[a-z]+:/.test(link)),
  );

async function leads(page: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.replaceAll('&amp;', '&').split('#', 2);
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!(await exists(target))) return false;
  return (
    anchor === undefined || (await readFile(target, 'utf8')).includes(`id="${decodeURIComponent(anchor)}"`)
  );
}

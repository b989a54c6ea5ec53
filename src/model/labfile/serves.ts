import { carriers, portsServed, spokenNames } from '../serves.ts';
import type { PlannedHost } from './plan.ts';
import type { Problems } from './problems.ts';

/** A port is spoken on in one way, and what drlab itself asks for is answered as ever. */
export function checkServes({ server, path, name }: PlannedHost, problems: Problems): void {
  const serves = server?.serves;
  if (!serves) return;
  const at = [...path, 'serves'];
  const taken = new Map<string, string>();
  for (const { spoken, carrier, port } of portsServed(serves)) {
    const other = taken.get(`${carrier} ${port}`);
    if (other !== undefined)
      problems.add(
        [...at, spoken],
        `port ${port} of ${name} is ${other} already; it cannot be ${spoken}, too.`,
      );
    taken.set(`${carrier} ${port}`, spoken);
  }
  if (spokenNames.every((spoken) => serves[spoken] === undefined)) {
    const known = Object.keys(carriers).join(', ');
    problems.add(at, `«serves» of ${name} names no port; write one of ${known}, such as { http: [80] }.`);
  }
  for (const [index, page] of (serves.pages ?? []).entries())
    if (page.path === '/' && page.host === undefined)
      problems.add(
        [...at, 'pages', index],
        'by «/» without «host» drlab itself asks who answers; give the page a host, or another path.',
      );
}

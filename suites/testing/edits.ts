/**
 * Changes by path: `record.streams.0.points`, `*` for each of a list or an object, `` for the whole. The new value, or a
 * function of the old one.
 */
export type Edits = Record<string, unknown>;

/**
 * A changed copy.
 * @throws Error where a path leads nowhere: a test that changes nothing proves nothing.
 */
export function edited(observation: unknown, edits: Edits): unknown {
  const root = { all: structuredClone(observation) };
  for (const [path, value] of Object.entries(edits)) {
    const spots = spotsAt(root, ['all', ...path.split('.').filter((part) => part !== '')]);
    if (spots.length === 0) throw new Error(`nothing at ${path}`);
    for (const { holder, key } of spots)
      holder[key] = typeof value === 'function' ? value(holder[key]) : structuredClone(value);
  }
  return root.all;
}

interface Spot {
  holder: Record<string, unknown>;
  key: string;
}

function spotsAt(holder: Record<string, unknown>, [part = '', ...rest]: string[]): Spot[] {
  const keys = part === '*' ? Object.keys(holder) : [part].filter((key) => key in holder);
  if (rest.length === 0) return keys.map((key) => ({ holder, key }));
  return keys.flatMap((key) => {
    const next = holder[key];
    return typeof next === 'object' && next !== null ? spotsAt(next as Record<string, unknown>, rest) : [];
  });
}

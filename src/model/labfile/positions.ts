import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Path } from './problems.ts';

/**
 * Offset of the value, or of the key, that a path leads to. Follows the path as far as the file goes: a default
 * that nobody wrote leads to what encloses it.
 */
export function offsetOf(document: Document.Parsed, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const { key, value } = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (key === undefined && value === undefined) break;
    const wantKey = at === 'key' && depth === path.length - 1;
    offset = (wantKey ? startOf(key) : undefined) ?? startOf(value) ?? startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): { key?: unknown; value?: unknown } {
  if (isSeq(node)) return { value: typeof step === 'number' ? node.items[step] : undefined };
  if (!isMap(node)) return {};
  const isStep = (key: unknown) => String(isScalar(key) ? key.value : key) === String(step);
  return node.items.find((pair) => isStep(pair.key)) ?? {};
}

export function startOf(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null | undefined)?.range;
  return range?.[0];
}

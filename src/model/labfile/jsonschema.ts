import { z } from 'zod';
import { labFile } from './schema.ts';

/** JSON Schema (draft 7, which editors know best) of the lab file; what an author may leave out is optional. */
export function labFileJsonSchema(): object {
  const schema = z.toJSONSchema(labFile, { io: 'input', target: 'draft-7' });
  return { $id: 'lab-file.schema.json', title: 'drlab lab file', ...schema };
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

let root: SchemaNode | undefined;

/** The keys that a mapping at this path may have. */
export function knownKeys(path: PropertyKey[]): string[] {
  root ??= labFileJsonSchema();
  return keysAt(root, path);
}

/** The keys that a schema knows at this path. */
export function keysAt(schema: object, path: PropertyKey[]): string[] {
  let nodes: SchemaNode[] = [schema];
  for (const step of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)];
      return next ? [next] : [];
    });
  }
  return [...new Set(nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {})))];
}

const alternatives = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(alternatives)];

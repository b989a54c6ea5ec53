import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { knownKeys, labFileJsonSchema } from './jsonschema.ts';

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

/** Every key that a lab file may have, with its path. */
function keysOf(node: Node, path: string[] = []): { path: string[]; node: Node }[] {
  const below = [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])].flatMap((each) =>
    keysOf(each, path),
  );
  const own = Object.entries(node.properties ?? {}).flatMap(([key, value]) => [
    { path: [...path, key], node: value },
    ...keysOf(value, [...path, key]),
  ]);
  return [...own, ...below];
}

const keys = keysOf(labFileJsonSchema());

test('the published schema is this one (vitest -u writes it)', async () => {
  const file = fileURLToPath(new URL('../../../docs/lab-file.schema.json', import.meta.url));
  await expect(`${JSON.stringify(labFileJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(file);
});

test.each(keys.map(({ path, node }) => [path.join('.'), node] as const))('%s is described', (_, node) => {
  expect(node.description).toMatch(/^\S.{9,}(\.| …)$/);
});

test('keys are known through lists and alternatives', () => {
  expect(knownKeys([])).toContain('realServers');
  expect(knownKeys(['realServers', 4])).toContain('weight');
  expect(knownKeys(['realServers'])).toContain('count');
  expect(knownKeys(['directors', 'vrrp'])).toEqual([
    'version',
    'routerId',
    'advert',
    'priorities',
    'preempt',
    'preemptDelay',
    'unicast',
    'virtualMac',
    'instances',
    'syncGroup',
    'trackInterfaces',
    'trackScripts',
    'garp',
  ]);
  expect(knownKeys(['nothing', 'here'])).toEqual([]);
});

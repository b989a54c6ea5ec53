import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { labFileJsonSchema, parseLab } from './index.ts';

const doc = readFileSync(new URL('../../../docs/lab-file.md', import.meta.url), 'utf8');
const examples = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

test('the examples of the reference are labs', () => {
  expect(examples.map((text) => parseLab(text, 'lab/examples/example.yaml').name)).toEqual([
    'web',
    'routed-pair',
    'shop',
    'ranges',
    'pages',
    'two-sides',
    'dual',
  ]);
});

test('the reference names every key of the schema', () => {
  const names = propertyNames(labFileJsonSchema());
  expect(names).toEqual(expect.arrayContaining(['name', 'weight', 'via', 'jitter', 'routerId']));
  const missing = names.filter((key) => !new RegExp(`[\`.]${key}\\b`).test(doc));
  expect(missing).toEqual([]);
});

function propertyNames(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const properties = (node as { properties?: object }).properties ?? {};
  return [...Object.keys(properties), ...Object.values(node).flatMap(propertyNames)];
}

import { describe, expect, it } from 'vitest';
import { hasDaemon, kindsWithKey, takeOverOf } from './director-kinds.ts';
import { directorTraits } from './director-traits.ts';
import { directorKinds } from './kinds.ts';

describe.each(directorKinds)('%s', (kind) => {
  const { directorKeys, serviceKeys, several, title, onlyScheduler } = directorTraits[kind];

  it('is called by its name', () => {
    expect(title).toMatch(new RegExp(`^an? ${kind} director$`));
  });

  it('takes the keys of health checks where it has them, and nowhere else', () => {
    expect(directorKeys.includes('healthCheck')).toBe(hasDaemon(kind));
    expect(serviceKeys.includes('healthCheck')).toBe(hasDaemon(kind));
  });

  it('says by a key that it takes how it takes over, or names a kind that does', () => {
    if ('takeOver' in several) expect(directorKeys).toContain(several.takeOver);
    else expect(takeOverOf(several.instead)).toBeDefined();
    if ('unless' in several) expect(directorKeys).toContain(several.unless);
  });

  it('keeps persistent clients only where it has a choice of schedulers', () => {
    expect(serviceKeys.includes('persistence')).toBe(onlyScheduler === undefined);
  });
});

it('recommends a kind that takes over before those that do not', () => {
  expect(kindsWithKey('sync')[0]).toBe('keepalived');
});

import { type Configuration, type Intent, intentOf, readKeepalived } from '../keepalived/index.ts';
import type { Files } from '../place.ts';

/** Files that are there for a test: by path. */
export const filesOf = (texts: Record<string, string>): Files => ({
  read: (path) => texts[path],
  glob: (pattern) => {
    const form = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    return Object.keys(texts).filter((path) => form.test(path));
  },
});

export const readText = (text: string, more: Record<string, string> = {}, configId?: string): Configuration =>
  readKeepalived('keepalived.conf', text, {
    files: filesOf(more),
    ...(configId !== undefined && { configId }),
  });

export const intentIn = (text: string): Intent => intentOf(readText(text));

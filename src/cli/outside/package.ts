import { readFileSync } from 'node:fs';
import { asset } from '../../util/root.ts';

export const packageVersion = (JSON.parse(readFileSync(asset('package.json'), 'utf8')) as { version: string })
  .version;

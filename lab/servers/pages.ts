import type { Page } from '../../src/model/serves.ts';
import { urlOf } from './request.ts';

/** The page that a request is for; the first that fits. */
export function pageFor(pages: readonly Page[], request: string): Page | undefined {
  const { host, path } = urlOf(request);
  return pages.find((page) => page.path === path && (page.host?.toLowerCase() ?? host) === host);
}

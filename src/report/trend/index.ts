export type { RunHistory } from './history.ts';
export { trendHtml } from './html.ts';
export { trendMarkdown } from './markdown.ts';
export { trendSection } from './section.ts';
export { trendStyle } from './style.ts';
export { confirmation, gateWords } from './words.ts';

export { explorationHtml } from './html.ts';
export { explorationMarkdown } from './markdown.ts';
export { explorationLines } from './terminal.ts';
export { replayName } from './words.ts';
export { writeExploration } from './write.ts';

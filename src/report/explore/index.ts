export { explorationJsonSchema } from '../schema/exploration.ts';
export { explorationHtml } from './html.ts';
export { explorationMarkdown } from './markdown.ts';
export { readExploration } from './read.ts';
export { explorationLines } from './terminal.ts';
export { replayName } from './words.ts';
export { writeExploration } from './write.ts';

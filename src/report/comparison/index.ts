export { comparisonJsonSchema } from '../schema/comparison.ts';
export { comparisonHtml } from './html.ts';
export { comparisonJunit } from './junit.ts';
export { comparisonMarkdown } from './markdown.ts';
export { readComparison } from './read.ts';
export { comparisonTerminal } from './terminal.ts';
export { writeComparison } from './write.ts';

export { comparisonHtml } from './html.ts';
export { comparisonJunit } from './junit.ts';
export { comparisonMarkdown } from './markdown.ts';
export { comparisonTerminal } from './terminal.ts';
export { writeComparison } from './write.ts';

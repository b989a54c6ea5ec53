export { matrixConclusion } from './conclusion.ts';
export { matrixHtml } from './html.ts';
export { matrixMarkdown } from './markdown.ts';
export { matrixLines } from './terminal.ts';
export { writeMatrix } from './write.ts';

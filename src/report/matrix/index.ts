export { matrixConclusion } from './conclusion.ts';
export { matrixHtml } from './html.ts';
export { matrixMarkdown } from './markdown.ts';
export { readMatrix } from './read.ts';
export { matrixJsonSchema } from './schema.ts';
export { matrixLines } from './terminal.ts';
export { writeMatrix } from './write.ts';

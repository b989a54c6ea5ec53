/** Records, and everything that is drawn from them. */

export { catalogueDocument, type LeftOut } from './catalogue.ts';
export { claimsDocument } from './claims.ts';
export {
  comparisonHtml,
  comparisonJunit,
  comparisonMarkdown,
  comparisonTerminal,
  writeComparison,
} from './comparison/index.ts';
export { conclude, conclusion } from './conclusion.ts';
export {
  explorationHtml,
  explorationLines,
  explorationMarkdown,
  replayName,
  writeExploration,
} from './explore/index.ts';
export { html } from './html/index.ts';
export { junit } from './junit.ts';
export { markdown } from './markdown.ts';
export {
  matrixHtml,
  matrixLines,
  matrixMarkdown,
  writeMatrix,
} from './matrix/index.ts';
export type { Conclusion, Outcome } from './outcome.ts';
export { randomLine } from './random/terminal.ts';
export { type Difference, differences, mayDiffer } from './same.ts';
export { runsSideBySide } from './side-by-side/index.ts';
export { type Progress, type ProgressOptions, progressReporter } from './terminal/progress.ts';
export { terminalSummary } from './terminal/summary.ts';
export { trendSummary } from './terminal/trend.ts';
export { asShown } from './text/roots.ts';
export {
  confirmation,
  gateWords,
  type RunHistory,
  trendHtml,
  trendMarkdown,
} from './trend/index.ts';
export { writeReports, writeWhole } from './write-reports.ts';

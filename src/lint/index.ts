export { asGithub, asJson, asSarif, asText, explained, type Outcome } from './formats.ts';
export { lint, rules } from './lint.ts';
export type { Finding, HostFiles, Rule, Severity } from './rule.ts';
export { gather, type Sources } from './sources.ts';
export { suppress } from './suppress.ts';

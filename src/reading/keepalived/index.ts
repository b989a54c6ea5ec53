export type { VipLine } from './addresses.ts';
export { type Intent, intentOf } from './intent.ts';
export { type Keyword, keywords } from './keyword.ts';
export { type Check, type RealServer, type Service, schedulers } from './lvs.ts';
export { type Configuration, readKeepalived } from './read.ts';
export type { Statement } from './tree.ts';
export type { Instance, Script, Tracked } from './vrrp.ts';
export type { Word } from './words.ts';

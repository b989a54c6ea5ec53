import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One line of a known_hosts file, as sshd(8) describes it under SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHost {
  /** `@revoked` and `@cert-authority` without the `@`. */
  marker: 'revoked' | 'cert-authority' | undefined;
  /** Names and patterns separated by commas, or one hashed name. */
  patterns: string;
  keyType: string;
  /** The key in base64. */
  key: string;
  /** Counts from 1. */
  line: number;
}

export type HostKeyVerdict =
  | { verdict: 'known' }
  | { verdict: 'unknown' }
  /** Other keys are known for this host; `lines` is where. */
  | { verdict: 'changed'; lines: number[] }
  | { verdict: 'revoked'; lines: number[] };

/** Lines that are no entries are left out, as ssh does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((raw, index): KnownHost[] => {
    const words = raw.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return [];
    const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined;
    const [patterns, keyType, key] = words;
    if (!patterns || !keyType || !key) return [];
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return [];
    return [{ marker, patterns, keyType, key, line: index + 1 }];
  });
}

/** As known_hosts writes a host: the plain name for port 22, `[name]:port` otherwise. */
export const knownName = (address: string, port: number): string =>
  port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;

/** @param key the host key as the server sends it (SSH wire format). */
export function judgeHostKey(
  known: KnownHost[],
  address: string,
  port: number,
  key: Uint8Array,
): HostKeyVerdict {
  const offered = Buffer.from(key).toString('base64');
  const ours = entriesFor(known, address, port);
  const revoked = ours.filter((entry) => entry.marker === 'revoked' && entry.key === offered);
  if (revoked.length > 0) return { verdict: 'revoked', lines: revoked.map(({ line }) => line) };
  const plain = ours.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key === offered)) return { verdict: 'known' };
  if (plain.length === 0) return { verdict: 'unknown' };
  return { verdict: 'changed', lines: plain.map(({ line }) => line) };
}

/** Types of the keys that are known for the host; asking for one of these is what lets the key be compared. */
export const knownTypes = (known: KnownHost[], address: string, port: number): string[] => [
  ...new Set(
    entriesFor(known, address, port)
      .filter(({ marker }) => marker === undefined)
      .map(({ keyType }) => keyType),
  ),
];

const entriesFor = (known: KnownHost[], address: string, port: number): KnownHost[] =>
  known.filter(({ patterns }) => matches(patterns, knownName(address, port)));

function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|1|')) return matchesHash(patterns, name);
  const list = patterns.toLowerCase().split(',');
  if (list.some((one) => one.startsWith('!') && wildcard(one.slice(1), name))) return false;
  return list.some((one) => !one.startsWith('!') && wildcard(one, name));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt. */
function matchesHash(pattern: string, name: string): boolean {
  const [, , salt = '', hash = ''] = pattern.split('|');
  const wanted = Buffer.from(hash, 'base64');
  const made = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === made.length && timingSafeEqual(wanted, made);
}

/** `*` and `?` as in ssh_config(5); everything else, brackets too, means itself. */
function wildcard(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

/** As `ssh-keygen -l` prints it. */
export const fingerprint = (key: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The type is the first string of a key in wire format. */
export function typeOfKey(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  return bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0));
}

import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { intentOf, readKeepalived } from '../reading/keepalived/index.ts';
import { inOrderOfBoot, readSysctls } from '../reading/sysctl.ts';
import { UsageError } from '../util/errors.ts';
import { filesBelow, onDisk, textOf } from './disk.ts';
import type { HostFiles } from './rule.ts';

export interface Sources {
  hosts: HostFiles[];
  /** All files that were read. */
  texts: Map<string, string>;
}

type Kind = 'keepalived.conf' | 'sysctl';

interface Source {
  path: string;
  text: string;
  kind: Kind;
  host: string;
  /** The folder that stands for `/`; absent where the path does not tell. */
  root?: string;
}

export interface GatherOptions {
  /** What keepalived is told by `-i`. */
  configId?: string;
}

/** @throws {UsageError} when there is no such file, or none that can be read here. */
export function gather(paths: readonly string[], options: GatherOptions = {}): Sources {
  const sources = paths.flatMap(sourcesAt);
  if (sources.length === 0)
    throw new UsageError(`no file here is a keepalived.conf or a file of sysctl.d: ${paths.join(', ')}`, {
      hint: 'drlab lint --help says which files it reads.',
    });
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const hosts = new Map<string, HostFiles>();
  const hostOf = (name: string): HostFiles => {
    const host = hosts.get(name) ?? { name, sysctls: [] };
    hosts.set(name, host);
    return host;
  };
  const included = new Set<string>();
  for (const source of sources.filter(({ kind }) => kind === 'keepalived.conf').sort(mainFirst)) {
    if (included.has(source.path)) continue;
    const host = hostOf(source.host);
    const configuration = configurationOf(source, options);
    for (const file of configuration.files) {
      included.add(file);
      texts.set(file, textOf(file) ?? '');
    }
    hosts.set(source.host, { ...host, keepalived: { configuration, intent: intentOf(configuration) } });
  }
  for (const [name, own] of byHost(sources.filter(({ kind }) => kind === 'sysctl')))
    hosts.set(name, { ...hostOf(name), sysctls: sysctlsOf(own) });
  return { hosts: [...hosts.values()], texts };
}

const mainFirst = (a: Source, b: Source): number =>
  Number(basename(b.path) === 'keepalived.conf') - Number(basename(a.path) === 'keepalived.conf');

function configurationOf({ path, text, root, host }: Source, { configId }: GatherOptions) {
  const id = configId ?? (root ? host : undefined);
  return readKeepalived(path, text, {
    files: onDisk,
    ...(root !== undefined && { root: root || '/' }),
    ...(id !== undefined && { configId: id }),
  });
}

function sourcesAt(path: string): Source[] {
  if (!existsSync(path)) throw new UsageError(`there is no file or folder ${path}.`);
  if (statSync(path).isDirectory()) return filesBelow(path).flatMap((one) => sourceAt(one) ?? []);
  const source = sourceAt(path);
  if (!source)
    throw new UsageError(`${path} is neither a keepalived.conf nor a file of sysctl.d.`, {
      hint: 'drlab lint --help says which files it reads.',
    });
  return [source];
}

function sourceAt(path: string): Source | undefined {
  const text = textOf(path);
  const kind = text === undefined ? undefined : kindOf(path, text);
  if (text === undefined || !kind) return undefined;
  const root = /^(.*?)\/?(?:etc|usr|run|lib)\/(?:[^/]+\/)*?(?:keepalived|sysctl)/.exec(path)?.[1];
  if (root !== undefined) return { path, text, kind, root, host: basename(root) || 'this host' };
  return { path, text, kind, host: kind === 'keepalived.conf' ? path : dirname(path) };
}

function kindOf(path: string, text: string): Kind | undefined {
  if (/(^|\/)sysctl\.d\/[^/]+\.conf$|sysctl[^/]*\.conf$/.test(path)) return 'sysctl';
  if (/(^|\/)keepalived[^/]*\.conf$/.test(path)) return 'keepalived.conf';
  return /^\s*(global_defs|vrrp_instance|virtual_server|vrrp_script|vrrp_sync_group)\b/m.test(text)
    ? 'keepalived.conf'
    : undefined;
}

function byHost(sources: Source[]): Map<string, Source[]> {
  const hosts = new Map<string, Source[]>();
  for (const source of sources) hosts.set(source.host, [...(hosts.get(source.host) ?? []), source]);
  return hosts;
}

function sysctlsOf(sources: Source[]) {
  const [{ root } = { root: undefined }] = sources;
  const onHost = new Map(
    sources.map((source) => [
      root === undefined ? source.path : source.path.slice(root.length).replace(/^\/?/, '/'),
      source,
    ]),
  );
  const order = root === undefined ? [...onHost.keys()].sort() : inOrderOfBoot([...onHost.keys()]);
  return order.flatMap((path) => {
    const source = onHost.get(path);
    return source ? readSysctls(source.path, source.text) : [];
  });
}

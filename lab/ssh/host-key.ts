import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabUnavailable } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';
import {
  fingerprint,
  judgeHostKey,
  type KnownHost,
  knownName,
  knownTypes,
  parseKnownHosts,
  typeOfKey,
} from './known-hosts.ts';

/** Where a connection ends: as it stands in known_hosts. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The host keys that may be trusted; nothing is ever added to the file. */
export class HostKeys {
  readonly #known: KnownHost[];

  private constructor(
    private readonly file: string,
    text: string,
  ) {
    this.#known = parseKnownHosts(text);
  }

  /** A file that is not there knows nobody. */
  static read(file: string): HostKeys {
    const path = homePath(file);
    try {
      return new HostKeys(path, readFileSync(path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new HostKeys(path, '');
      throw new LabUnavailable(`${path}: the file of known host keys cannot be read`, { cause: error });
    }
  }

  /** Host key algorithms to ask for, so that what is offered can be compared; empty for any. */
  algorithms({ address, port }: Endpoint): string[] {
    return knownTypes(this.#known, address, port).flatMap((type) =>
      type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
    );
  }

  /** @returns why this key is not to be trusted, with the way to check and add it; undefined when it is known. */
  refusal(end: Endpoint, key: Uint8Array): LabUnavailable | undefined {
    const judged = judgeHostKey(this.#known, end.address, end.port, key);
    if (judged.verdict === 'known') return undefined;
    const name = knownName(end.address, end.port);
    const [type, print] = [typeOfKey(key), fingerprint(key)];
    const file = quote(this.file);
    const compare = `on the machine's own console compare: ssh-keygen -lf /etc/ssh/ssh_host_${shortType(type)}_key.pub`;
    const add = `ssh-keyscan -p ${end.port} -t ${shortType(type)} ${end.address} >>${file}`;
    if (judged.verdict === 'unknown') {
      return new LabUnavailable(`the host key of ${name} is not known: it offers ${type} ${print}`, {
        hint: `${compare}; if it is the same, add it: ${add}`,
      });
    }
    const lines = judged.lines.map((line) => `${this.file}:${line}`).join(', ');
    if (judged.verdict === 'revoked') {
      return new LabUnavailable(`the host key of ${name} is revoked (${lines}): ${type} ${print}`, {
        hint: 'give the machine a new host key; do not connect to it with this one',
      });
    }
    return new LabUnavailable(
      `the host key of ${name} has changed: it offers ${type} ${print}, and others are known (${lines})`,
      {
        hint: `somebody may be intercepting the connection, or the machine was reinstalled; ssh-keygen -F ${quote(name)} -f ${file} shows what is known; ${compare}; only if it is the same: ssh-keygen -R ${quote(name)} -f ${file} && ${add}`,
      },
    );
  }
}

/** `~/` is the home folder of whoever runs this. */
export const homePath = (path: string): string =>
  path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;

/** `ssh-ed25519` to `ed25519`, as ssh-keyscan and the names of the files say it. */
const shortType = (type: string): string => {
  if (type.startsWith('ecdsa-')) return 'ecdsa';
  return type.replace(/^ssh-/, '');
};

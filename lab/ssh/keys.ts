import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { utils } from 'ssh2';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';
import { homePath } from './host-key.ts';

/** What ssh2 takes as an entry of `authHandler`. */
export type AuthMethod =
  | { type: 'publickey'; username: string; key: Buffer }
  | { type: 'agent'; username: string; agent: string };

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Ways to prove who we are, in this order: the key that is named, or else the agent and then the user's default keys.
 * @throws {LabUnavailable} when the key that is named cannot be used, or there is nothing at all to try.
 */
export function authMethods(
  login: { user: string; key?: string },
  parseKey: typeof utils.parseKey,
  env: NodeJS.ProcessEnv = process.env,
): AuthMethod[] {
  const username = login.user;
  const agent = env.SSH_AUTH_SOCK;
  const byAgent: AuthMethod[] = agent && existsSync(agent) ? [{ type: 'agent', username, agent }] : [];
  if (login.key !== undefined) {
    const path = homePath(login.key);
    const key = usableKey(path, parseKey);
    return [{ type: 'publickey', username, key }];
  }
  const byKey = defaultKeys
    .map((name) => join(homedir(), '.ssh', name))
    .filter((path) => existsSync(path))
    .flatMap((path): AuthMethod[] => {
      try {
        return [{ type: 'publickey', username, key: usableKey(path, parseKey) }];
      } catch {
        // A default key with a passphrase is the agent's business.
        return [];
      }
    });
  const methods = [...byAgent, ...byKey];
  if (methods.length > 0) return methods;
  throw new LabUnavailable(
    `there is no key to log in as ${username}: no agent (SSH_AUTH_SOCK), and no usable key in ~/.ssh`,
    { hint: 'name one in the lab file (machine: { key: ~/.ssh/id_lab }), or start an agent: ssh-add' },
  );
}

function usableKey(path: string, parseKey: typeof utils.parseKey): Buffer {
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch (error) {
    throw new LabUnavailable(`the private key ${path} cannot be read: ${messageOf(error)}`, {
      hint: 'name the right one in the lab file (key: …), or leave it out to use the agent and the default keys',
    });
  }
  const parsed = parseKey(key);
  if (parsed instanceof Error) {
    const encrypted = /passphrase/.test(parsed.message);
    throw new LabUnavailable(
      encrypted ? `the private key ${path} has a passphrase` : `${path} is not a usable private key`,
      {
        hint: encrypted
          ? `put it into the agent (ssh-add ${quote(path)}) and leave \`key\` out of the lab file`
          : 'give the private half, as ssh-keygen writes it',
      },
    );
  }
  return key;
}

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  judgeHostKey,
  knownName,
  knownTypes,
  parseKnownHosts,
  typeOfKey,
} from './known-hosts.ts';

const wire = (type: string, body: string): Buffer => {
  const part = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  return Buffer.concat([part(type), part(body)]);
};
const [mine, other] = [wire('ssh-ed25519', 'mine'), wire('ssh-ed25519', 'other')];
const [key, otherKey] = [mine.toString('base64'), other.toString('base64')];
const judge = (text: string, address = 'rs1.example', port = 22) =>
  judgeHostKey(parseKnownHosts(text), address, port, mine);

describe('known_hosts', () => {
  it.each([
    ['a plain name', `rs1.example ssh-ed25519 ${key} somebody@somewhere`],
    ['one of several names', `10.0.0.7,RS1.Example ssh-ed25519 ${key}`],
    ['a wildcard', `*.example ssh-ed25519 ${key}`],
    ['a question mark', `rs?.example ssh-ed25519 ${key}`],
    ['one of two keys', `rs1.example ssh-ed25519 ${otherKey}\nrs1.example ssh-ed25519 ${key}`],
    [
      'between comments and rubbish',
      `# rs1\n\nrubbish\n@odd rs1.example ssh-ed25519 ${key}\n rs1.example ssh-ed25519 ${key}`,
    ],
  ])('knows %s', (_, text) => expect(judge(text)).toEqual({ verdict: 'known' }));

  it('knows hashed names, with ports too', () => {
    const salt = Buffer.from('twenty bytes of salt');
    const hash = (name: string) =>
      `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
    expect(judge(`${hash('rs1.example')} ssh-ed25519 ${key}`)).toEqual({ verdict: 'known' });
    const ported = `${hash('[rs1.example]:2222')} ssh-ed25519 ${key}`;
    expect(judge(ported, 'rs1.example', 2222)).toEqual({ verdict: 'known' });
    expect(judge(ported)).toEqual({ verdict: 'unknown' });
  });

  it('tells ports apart, as ssh does', () => {
    const text = `[rs1.example]:2222 ssh-ed25519 ${key}`;
    expect(judge(text, 'rs1.example', 2222).verdict).toBe('known');
    expect(judge(text).verdict).toBe('unknown');
    expect(judge(`rs1.example ssh-ed25519 ${key}`, 'rs1.example', 2222).verdict).toBe('unknown');
  });

  it.each([
    ['nothing at all', ''],
    ['another host', `rs2.example ssh-ed25519 ${key}`],
    ['an excluded name', `*.example,!rs1.example ssh-ed25519 ${key}`],
    ['a name where a dot stands for any character', `rs1xexample ssh-ed25519 ${key}`],
    ['an authority, which is not understood', `@cert-authority *.example ssh-ed25519 ${key}`],
  ])('does not know %s', (_, text) => expect(judge(text)).toEqual({ verdict: 'unknown' }));

  it('calls another key a change, and says where the known one stands', () => {
    expect(judge(`# one\nrs1.example ssh-ed25519 ${otherKey}`)).toEqual({ verdict: 'changed', lines: [2] });
    expect(judge(`rs1.example ssh-rsa ${otherKey}`)).toEqual({ verdict: 'changed', lines: [1] });
  });

  it('refuses a revoked key even where it is known', () => {
    expect(judge(`rs1.example ssh-ed25519 ${key}\n@revoked * ssh-ed25519 ${key}`)).toEqual({
      verdict: 'revoked',
      lines: [2],
    });
  });

  it('reads types and fingerprints', () => {
    const known = parseKnownHosts(`rs1.example ssh-ed25519 ${key}\nrs1.example ssh-rsa ${otherKey}`);
    expect(knownTypes(known, 'rs1.example', 22)).toEqual(['ssh-ed25519', 'ssh-rsa']);
    expect(typeOfKey(mine)).toBe('ssh-ed25519');
    expect(fingerprint(mine)).toMatch(/^SHA256:[\w+/]{43}$/);
    expect(knownName('RS1', 22)).toBe('rs1');
  });
});

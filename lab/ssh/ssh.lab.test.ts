import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../../src/util/root.ts';

/** Machines with real sshds, in a sandbox that is thrown away: see testing/rig.ts. */
const setUp =
  'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && "$@"';

// biome-ignore lint/suspicious/noExplicitAny: what the programs print, looked at field by field
function inSandbox(program: string): any {
  const argv = ['-mnpf', '--mount-proc', '--kill-child', 'sh', '-c', setUp, 'sh'];
  const script = compiled(`lab/ssh/testing/${program}.js`);
  const said = execFileSync('unshare', [...argv, process.execPath, script], {
    encoding: 'utf8',
    timeout: 200_000,
  });
  return JSON.parse(said);
}

const everyone = ['client1', 'dir1', 'rs1', 'rs2'];
const ends = (swept: { host: string; outcome: string }[]): Record<string, string> =>
  Object.fromEntries(swept.map(({ host, outcome }) => [host, outcome]));

describe('a lab over ssh', () => {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  let seen: any;
  beforeAll(() => {
    seen = inSandbox('lives');
  });

  it('comes up on machines that exist, and serves', () => {
    expect(seen.unsettled).toBeUndefined();
    expect(seen.changed).toEqual(everyone);
    expect(seen.answers).toHaveLength(6);
    for (const answer of seen.answers) expect(answer).toMatch(/^rs[12] 198\.18\.1\.3\n 0$/);
  });

  it('captures every frame once, on each leg', () => {
    const [fileHeader, recordHeader, syn] = [24, 16, 74];
    expect(seen.pcapBytes).toBe(fileHeader + 12 * (recordHeader + syn));
  });

  it('has the MAC addresses of the machines', () => expect(seen.specMac).toBe(seen.realMac));

  it('keeps its files in a folder of its own', () => {
    expect(seen.note).toBe('relative');
    expect(seen.outside).toMatch(/outside the lab's folder/);
  });

  it('runs programs with words that no shell sees, and those of drlab', () => {
    expect(seen.ran).toBe("it's|$HOME||");
    expect(seen.reached[0]?.[0]).toBe('200');
  });

  it('ends what takes too long', () => expect(seen.late).toMatch(/waited 200 ms/));

  it('breaks and fixes services and links', () => {
    expect(seen.linkLacks).toBeUndefined();
    // curl: 7 is a refusal, 28 silence.
    expect([seen.dead, seen.cut]).toEqual(['7', '28']);
    expect(seen.fixed).toMatch(/^rs1 .*\n0$/);
  });

  it('has its machines for itself', () => expect(seen.secondLab).toMatch(/in use by a lab/));

  it('leaves every sysctl, address, route and rule as it was, and no file', () => {
    expect(seen.unlike).toEqual([]);
    expect(seen.state).toBe('');
  });
});

describe('a lab over ssh that ends badly', () => {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  let seen: any;
  beforeAll(() => {
    seen = inSandbox('crashes');
  });

  it('says that a connection was lost, and undoes the rest by itself', () => {
    expect(seen.cutDuring).toMatch(/the connection to rs1 \(198\.19\.100\.10\) was lost/);
    expect(seen.leftByCut).toEqual(['rs1']);
    expect(seen.again).toMatch(/rs1 is in use by a lab, or one was not taken down there/);
  });

  it('is undone by a sweep after a lost connection, values that were no defaults too', () => {
    expect(ends(seen.sweptAfterCut)).toEqual({ rs1: 'undone' });
    expect(seen.unlikeAfterCut).toEqual([]);
  });

  it('is left alone by a sweep while it is up', () => {
    expect(new Set(Object.values(ends(seen.sweptWhileUp)))).toEqual(new Set(['in-use']));
    expect(seen.changedWhileUp).toEqual(everyone);
  });

  it('is undone by a sweep after SIGKILL: also where the ledger was lost, torn, or run by hand', () => {
    expect(seen.leftByKill).toEqual(everyone);
    expect(ends(seen.sweptAfterKill)).toEqual(Object.fromEntries(everyone.map((name) => [name, 'undone'])));
    expect(seen.unlikeAfterKill).toEqual([]);
    expect(seen.torn).toBe('');
    expect(seen.state).toBe('');
  });

  it('is swept twice without harm', () => expect(seen.sweptTwice).toEqual([]));

  it('is not undone again on a machine that was restarted', () => expect(seen.afterReboot).toBe('1'));
});

describe('what is refused', () => {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  let seen: any;
  beforeAll(() => {
    seen = inSandbox('refusals');
  });

  it.each([
    ['nobody known', /host key of \S+ is not known: .*SHA256:.*ssh-keyscan -p 22 -t ed25519/],
    ['changed host key', /has changed: .*known_hosts-changed:\d+\).*ssh-keygen -F .*ssh-keygen -R/],
    ['revoked host key', /is revoked \(\S+known_hosts-revoked:\d+\)/],
    ['wrong key', /does not accept the key \S+unknown .*authorized_keys/],
    ['key with a passphrase', /has a passphrase .*ssh-add/],
    ['no such key', /private key \S+nothing cannot be read/],
    ['unreachable', /port 2222 cannot be reached by ssh: .*ECONNREFUSED/],
    [
      'not reached from the jump host',
      /the jump host 198\.19\.100\.2 does not reach 198\.18\.1\.1 port 2222/,
    ],
    ['not root', /ops is not root on rs1/],
    ['sudo wants a password', /requires a password .*sudoPasswordFrom/],
    ['password not set', /RIG_SUDO_PASSWORD is not set/],
    ['wrong password', /refused the password of ops that RIG_SUDO_PASSWORD holds/],
    ['not in sudoers', /guest@\S+ may not use sudo .*adduser guest sudo/],
    ['no such device', /no interface ens9; it has eth0, mgmt0 .*device: eth0/],
    ['another device', /does not have the address 198\.18\.1\.1 on mgmt0/],
    ['missing program', /dir1 lacks nft .*apt-get install -y --no-install-recommends nftables/],
    ['VIP taken', /VIP 198\.18\.0\.100 is taken: the machine with the MAC address 02:00:00:00:00:04/],
    ['keepalived is there', /keepalived is running on dir1/],
    ['hooks', /hooks are not run on existing machines/],
  ])('%s: one paragraph, and nothing is left', (name, says) => {
    expect(seen.told[name]).toMatch(says);
    expect(seen.told[name]).not.toMatch(/\n|undefined/);
    // Only what the test itself put there to be in the way.
    expect(seen.left[name]).toEqual(name === 'VIP taken' ? ['client2'] : []);
  });

  it('works as an ordinary user, with a password for sudo, through a jump host', () => {
    expect(seen.answer).toMatch(/^rs[12] /);
    expect(seen.whoami).toBe('0');
    expect(seen.linkLacks).toMatch(/over the very link that it would cut, on rs1/);
    expect(seen.unlikeAfterOrdinary).toEqual([]);
  });

  it('shows the password nowhere: ledgers, errors, facts, arguments, environments', () => {
    expect(seen.looked).toBeGreaterThan(10_000);
    expect(seen.leaks).toEqual([]);
  });

  it('changes nothing where it only looks', () => {
    expect(seen.unlikeWhileLooking).toEqual([]);
    expect(seen.look).toMatchObject({
      unsettled: 'dir1: lacks vip:198.18.0.100',
      addresses: true,
      hosts: 5,
      inject: 'this lab is read-only',
      script: expect.stringContaining('would run «sysctl -w net.ipv4.ip_forward=1» on dir1'),
      run: expect.stringContaining('would run «sysctl -w net.ipv4.ip_forward=1» on dir1'),
      program: expect.stringContaining('would run a program in perl on dir1'),
      spawn: expect.stringContaining('would start sh'),
      put: expect.stringContaining('would write x'),
    });
    expect(seen.look.capture).toBeUndefined();
  });
});

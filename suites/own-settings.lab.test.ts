import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookOn, type Ran, ranOn } from '../src/cli/testing/broken-lab.ts';
import { TestFolder } from '../src/cli/testing/drlab.ts';

/** Settings of the user's own directors, and hooks that set something else: judged in that lab, in no stage. */

let folder: TestFolder;
beforeAll(async () => {
  folder = await TestFolder.create();
});
afterAll(() => folder[Symbol.asyncDispose]());

const vip = '198.18.0.101';
const onlyThere = (ran: Ran): void => {
  for (const result of ran.results) expect(result).not.toHaveProperty('stage');
};

describe('timeouts, persistence and sysctls', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await ranOn(
      folder,
      {
        name: 'settings',
        directors: { with: 'ipvsadm', hosts: [{ name: 'lb' }] },
        realServers: 3,
        clients: [{ name: 'near' }, { name: 'far', via: 'router' }],
        services: [
          { vip, port: 81 },
          { vip, port: 82, persistence: '300s' },
        ],
        sysctls: {
          directors: { 'net.ipv4.vs.expire_nodest_conn': '1', 'net.ipv4.vs.conn_reuse_mode': '3' },
        },
        hooks: {
          afterApply: [
            hookOn('lb', 'ipvsadm --set 20 10 30'),
            hookOn('lb', `ipvsadm -E -t ${vip}:82 -s rr -p 7200`),
            hookOn(
              'lb',
              'sysctl -qw net.ipv4.vs.expire_nodest_conn=0 net.ipv4.vs.conn_reuse_mode=1 net.ipv4.vs.conntrack=1',
            ),
          ],
        },
      },
      ['CT-02', 'CT-04@forgetting', 'CT-05@forgetting', 'CT-08', 'CT-10', 'PST-03', 'PP-05@routed'],
    );
  });

  it('are judged in no stage', () => onlyThere(ran));
  it.each(['CT-08', 'PP-05@routed'])('%s passes', (id) => {
    expect(ran.of(id)).toMatchObject({ verdict: 'pass' });
  });
  it.each([
    ['CT-02', 'fail', /the director had 20, 10 and 30 s/],
    ['CT-04@forgetting', 'fail', /deleted: timeout/],
    ['CT-05@forgetting', 'fail', /mode 1: \S+$/],
    ['CT-10', 'warn', /6 of 6 balanced connections are tracked, and 1 of lb's own/],
    ['PST-03', 'fail', /still has a template, which expires in 7\d\d\d s/],
  ])('%s does not', (id, verdict, seen) => {
    expect(ran.of(id)).toMatchObject({ verdict, seen: expect.stringMatching(seen) });
    expect(ran.of(id).remedy).toContainEqual(expect.objectContaining({ on: 'lb' }));
  });
});

describe('sync daemons', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await ranOn(
      folder,
      {
        name: 'synced',
        directors: { with: 'ipvsadm', sync: { id: 21 }, hosts: [{ name: 'lba' }, { name: 'lbb' }] },
        realServers: 2,
        services: [{ vip, port: 8443 }],
        hooks: { afterApply: [hookOn('lbb', 'iptables-legacy -A INPUT -p udp --dport 8848 -j DROP')] },
      },
      ['SYN-01', 'SYN-02', 'SYN-04'],
    );
  });

  it('are judged in no stage', () => onlyThere(ran));
  it.each([
    ['SYN-01', /lbb knows of 0 of 3/, /not synchronised: lba runs master .* lbb runs backup/],
    ['SYN-02', /3 were told on the wire.*0 are on lbb/, /lbb does not hear/],
    ['SYN-04', /id 21 version 1; no message of id 21 taken/, /lbb takes all|the sync ids differ/],
  ])('%s names the director that hears nothing', (id, seen, cause) => {
    expect(ran.of(id)).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(seen),
      cause: expect.stringMatching(cause),
    });
  });
});

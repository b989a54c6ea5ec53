import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { guestFstab, guestJob, hostfs } from './guest-job.ts';

describe('guestJob', () => {
  const job = { argv: ['/bin/echo', "it's"], cwd: '/a folder' };

  it('is a shell text that sets environment and folder before it defines the run', () => {
    const text = guestJob(job, { WORD: 'one two' }, 'none');
    expect(text).toContain("export WORD='one two'\ncd '/a folder'\npower_off=o\nrun_job() {");
    expect(text).toContain("/bin/echo 'it'\\''s' </dev/null");
    execFileSync('/bin/sh', ['-n', '-c', text]);
  });

  it.each(['none', 'stream', 'terminal'] as const)('is well-formed with %s as input', (stdin) => {
    execFileSync('/bin/sh', ['-n', '-c', guestJob(job, {}, stdin)]);
  });
});

describe('guestFstab', () => {
  it('mounts writable folders last, under the same path', () => {
    const lines = guestFstab([hostfs('/tmp/x/guest', '/run/guest'), hostfs('/out')])
      .trim()
      .split('\n');
    expect(lines.slice(-2)).toEqual([
      '/tmp/x/guest /run/guest hostfs /tmp/x/guest,X-mount.mkdir 0 0',
      '/out /out hostfs /out,X-mount.mkdir 0 0',
    ]);
  });

  it('escapes what separates fields', () => {
    expect(guestFstab([hostfs('/my runs')])).toContain('/my\\040runs /my\\040runs hostfs /my\\040runs,');
  });
});

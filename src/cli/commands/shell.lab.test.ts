import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { quote } from '../../util/quote.ts';
import { command, drlab, startCommand } from '../testing/drlab.ts';
import { House } from '../testing/house.ts';

/** `lab shell`: a prompt, or one command, with the lab up around it. */

describe('one command', () => {
  it('in the host sandbox', async () => {
    const curl = ['c1', 'curl', '-s', '--max-time', '5', 'http://198.18.0.100/'];
    const { code, stdout } = await drlab(['lab', 'shell', '--lab', 'nftables', '--', ...curl]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^rs[123]\b.*\n$/) });
  });

  it('in User-Mode Linux', async () => {
    const args = ['lab', 'shell', '--lab', 'minimal', '--sandbox', 'uml', '--', 'd1', 'ipvsadm', '-Ln'];
    const { code, stdout } = await drlab(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TCP {2}198\.18\.0\.100:80 rr\n(\s+-> 198\.18\.\S+:80\s+Route .*\n?){2}/m);
  });

  it('whose exit code is handed on', async () => {
    const args = ['lab', 'shell', '--lab', 'nftables', '--', 'rs1', 'sh', '-c', 'echo no >&2; exit 9'];
    expect(await drlab(args)).toMatchObject({ code: 9, stdout: '', stderr: expect.stringMatching(/^no$/m) });
  });
});

describe.each([
  { sandbox: 'host', lab: 'nftables' },
  { sandbox: 'uml', lab: 'minimal' },
])('a prompt in the $sandbox sandbox', ({ sandbox, lab }) => {
  let house: House;
  beforeAll(async () => {
    house = await House.create();
  });
  afterAll(() => house[Symbol.asyncDispose]());

  it('takes commands, says who is there, and leaves nothing on exit', async () => {
    const before = await house.traces();
    const argv = command(['lab', 'shell', '--lab', lab, '--sandbox', sandbox]).map(quote).join(' ');
    const env = { HOME: '/tmp/home', TMPDIR: '/tmp' };
    const shell = startCommand(['script', '-qec', argv, '/dev/null'], { prefix: house.prefix, env });
    onTestFinished(() => void shell.child.kill('SIGKILL'));
    await shell.printed(/Each host is a command:.*rs1 +realServer.*# $/s);
    const type = (line: string): void => void shell.child.stdin?.write(`${line}\n`);
    type('rs1 ip -br addr show lo | sed s/^/seen:/');
    await shell.printed(/^seen:.*198\.18\.0\.100\/32/m);
    type('c1 curl -s --max-time 5 http://198.18.0.100/ | sed s/^/answer:/');
    await shell.printed(/^answer:rs\d/m);
    type('exit 6');
    expect((await shell.ended).code).toBe(6);
    expect(await house.traces()).toEqual(before);
  });
});

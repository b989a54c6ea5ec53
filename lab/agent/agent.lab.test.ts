import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { programText } from '../../src/programs/index.ts';
import { LabUnavailable, messageOf } from '../../src/util/errors.ts';
import { Agent } from './agent.ts';

/** What the environment lacks is distinguished from what is our own fault. The agent is real, its namespaces are thrown away. */
const program = programText('agent');

/** @param spoil shell text run in the namespaces before the agent. */
function agentIn(spoil: string, source = program): Agent {
  const setUp = `mount -t tmpfs tmpfs /run && mkdir /run/netns && ${spoil}; exec perl -e "$0"`;
  // With a user namespace of its own, so that a limit that is set there is not the machine's.
  const argv = ['-Urmnpf', '--mount-proc', '--kill-child', 'sh', '-c', setUp, source];
  const child = spawn('unshare', argv, { stdio: 'pipe' });
  return new Agent({
    input: child.stdin,
    output: child.stdout,
    errors: child.stderr,
    ended: new Promise((resolve) => child.on('close', (code) => resolve(`ended with ${code}`))),
    problem: (why) => new LabUnavailable(why),
  });
}

const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.down();
});

async function refusal(agent: Agent, names: string[]): Promise<unknown> {
  agents.push(agent);
  return agent.makeNamespaces(names).then(
    () => 'made',
    (error: unknown) => error,
  );
}

describe('the lab is unavailable where', () => {
  it.each([
    [
      'the kernel gives no more namespaces',
      'unshare: No space left on device',
      'echo 0 >/proc/sys/user/max_net_namespaces',
    ],
    ['their names cannot be written', '/run/netns/a: Read-only file system', 'mount -o remount,ro /run'],
  ])('%s', async (_, says, spoil) => {
    const error = await refusal(agentIn(spoil), ['a']);
    expect(error).toBeInstanceOf(LabUnavailable);
    expect(messageOf(error)).toBe(`network namespaces are unavailable here: ${says}`);
  });
});

describe('it is our own fault when', () => {
  it('the same namespace is made twice', async () => {
    const error = await refusal(agentIn(':'), ['a', 'a']);
    expect(error).not.toBeInstanceOf(LabUnavailable);
    expect(messageOf(error)).toBe('the agent of the lab: /run/netns/a: File exists');
  });

  it('a program of ours stops at one of its own lines', async () => {
    const broken = program.replace('sub namespace {', 'sub namespace { reply(noSuchFunction());');
    const late = broken.replace('eval { $handle{$type}', 'do { $handle{$type}');
    const error = await refusal(agentIn(':', late), ['a']);
    expect(error).not.toBeInstanceOf(LabUnavailable);
    expect(messageOf(error)).toMatch(/^the agent of the lab stopped: Undefined subroutine .* line \d+\.$/);
  });
});

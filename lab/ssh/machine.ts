import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import type { ExecResult } from '../../src/model/host.ts';
import type { MachineSpec } from '../../src/model/spec.ts';
import { programText } from '../../src/programs/index.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';
import { Agent, type AgentLine, type ChildEvents, type StartOptions } from '../agent/agent.ts';
import { type RunOptions, type RunResult, runToEnd } from '../agent/exec.ts';
import { Connection } from './connection.ts';
import { elevation, PasswordGiver, passwordOf, sudoProblem, wrongPassword } from './sudo.ts';

/** An agent that hears nothing for so long ends, and everything that it started with it. */
const silenceS = 60;
const beatMs = 10_000;
const startMs = 30_000;

export interface MachineOptions {
  /** The host of the lab that it plays. */
  name: string;
  knownHosts: string;
  /** Marks every process that is started there: `DRLAB_LEDGER` in its environment. */
  mark: string;
}

/** A machine that exists: one connection, and on it one agent that runs everything else. */
export class Machine implements AsyncDisposable {
  readonly agent: Agent;
  readonly #beat: NodeJS.Timeout;
  #lost: string | undefined;

  private constructor(
    readonly name: string,
    private readonly connection: Connection,
    line: AgentLine,
  ) {
    this.agent = new Agent(line);
    // Paused since the greeting, so that nothing was lost before somebody listened.
    line.output.resume();
    void line.ended.then((why) => {
      this.#lost = why;
    });
    this.#beat = setInterval(() => this.agent.beat(), beatMs);
    this.#beat.unref();
  }

  /** @throws {LabUnavailable} one paragraph: no connection, no sudo, wrong password, no perl. */
  static async open(spec: MachineSpec, options: MachineOptions): Promise<Machine> {
    const password = passwordOf(spec);
    const connection = await Connection.open(spec, options.knownHosts);
    try {
      const line = await startAgent(connection, spec, password, options);
      return new Machine(options.name, connection, line);
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Why it is out of reach; undefined while it is not. */
  get lost(): LabUnavailable | undefined {
    return this.#lost === undefined ? undefined : lostError(this.name, this.connection.address, this.#lost);
  }

  /** Runs a POSIX shell script, whatever it does: nothing is recorded and nothing is forbidden here. */
  async exec(script: string, options: RunOptions & { cwd?: string } = {}): Promise<ExecResult> {
    const { cwd, ...rest } = options;
    const result = await this.run(['/bin/sh', '-c', script], script, rest, cwd);
    return { ...result, stdout: result.stdout.toString() };
  }

  async run(argv: string[], command: string, options: RunOptions = {}, cwd = '/'): Promise<RunResult> {
    try {
      return await runToEnd(this.agent, { host: '', cwd, argv }, { name: this.name, command }, options);
    } catch (error) {
      // A command that ended with its connection has not failed: nobody knows how it went.
      throw this.lost ?? error;
    }
  }

  start(options: StartOptions, events: ChildEvents) {
    return this.agent.start(options, events);
  }

  /** Ends what was started there, then the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat);
    const limit = setTimeout(() => void this.connection[Symbol.asyncDispose](), 10_000);
    await this.agent.down();
    clearTimeout(limit);
    await this.connection[Symbol.asyncDispose]();
  }
}

const lostError = (name: string, address: string, why: string): LabUnavailable =>
  new LabUnavailable(`the connection to ${name} (${address}) was lost: ${why}`, {
    hint: 'what was changed there is in its undo ledger: drlab lab sweep --lab FILE',
  });

/**
 * The program of the agent comes over standard input, so that it lies in no file and in no list of processes,
 * and only once sudo has had its answer. What a login script prints before is passed over.
 */
async function startAgent(
  connection: Connection,
  spec: MachineSpec,
  password: string | undefined,
  options: MachineOptions,
): Promise<AgentLine> {
  const program = Buffer.from(
    `$ENV{DRLAB_LEDGER} = '${options.mark}'; $ENV{DRLAB_SILENCE_S} = ${silenceS}; $ENV{LC_ALL} = 'C';\n` +
      `$ENV{PATH} = ($ENV{PATH} // '/usr/bin:/bin') . ':/usr/local/sbin:/usr/sbin:/sbin';\n` +
      `$ENV{DRLAB_SSH} = $ARGV[0] // '';\n` +
      `delete @ENV{grep { /^SUDO_/ } keys %ENV};\n${programText('agent')}`,
  );
  const hello = `drlab-agent-${randomBytes(8).toString('hex')}`;
  const bootstrap = `$| = 1; print "${hello}\\n"; my $p = ""; while (length $p < ${program.length}) { sysread STDIN, $p, ${program.length} - length $p, length $p or exit 1 } eval $p; die $@ if $@`;
  const root = elevation(spec);
  const channel = await connection.run(
    `${root ? `${root.prefix} ` : ''}perl -e ${quote(bootstrap)} "$SSH_CONNECTION"`,
  );
  const giver = new PasswordGiver(channel, root?.prompt ?? hello, password);
  await readiness(channel, giver, hello, spec, connection);
  channel.write(program);
  const ended = Promise.race([
    new Promise<string>((resolve) =>
      channel.once('close', () => setTimeout(() => resolve('the session was ended'), 200)),
    ),
    connection.lost,
  ]);
  return {
    input: channel,
    output: channel,
    errors: channel.stderr,
    ended,
    problem: (why) => lostError(options.name, spec.address, why),
  };
}

function readiness(
  channel: ClientChannel,
  giver: PasswordGiver,
  hello: string,
  spec: MachineSpec,
  connection: Connection,
): Promise<void> {
  let [heard, said] = ['', ''];
  return new Promise<void>((resolve, reject) => {
    const settle = (error?: LabUnavailable) => {
      clearTimeout(timer);
      channel.off('data', listen);
      channel.stderr.off('data', listenToErrors);
      channel.off('close', ended);
      if (!error) return resolve();
      channel.close();
      reject(error);
    };
    const timer = setTimeout(() => {
      const seen = said.trim().split('\n').at(-1) || 'nothing';
      settle(new LabUnavailable(`${spec.address} did not start the agent within 30 s; it said: ${seen}`));
    }, startMs);
    const listen = (data: Buffer) => {
      heard += data.toString('latin1');
      const at = heard.indexOf(`${hello}\n`);
      if (at < 0) return;
      channel.pause();
      const rest = heard.slice(at + hello.length + 1);
      if (rest) channel.unshift(Buffer.from(rest, 'latin1'));
      settle();
    };
    const listenToErrors = (data: Buffer) => {
      said = (said + data.toString()).slice(-4000);
      if (giver.hear(data.toString())) settle(wrongPassword(spec));
    };
    const ended = () => settle(sudoProblem(spec, said) ?? agentProblem(spec, said));
    channel.on('data', listen);
    channel.stderr.on('data', listenToErrors);
    channel.once('close', ended);
    void connection.lost.then(ended);
  });
}

function agentProblem(spec: MachineSpec, said: string): LabUnavailable {
  const last = said.trim().split('\n').at(-1) || 'it said nothing';
  return /perl.*(not found|No such file)/.test(said)
    ? new LabUnavailable(`${spec.address} has no perl, which drlab needs there`, {
        hint: 'there, as root: apt-get install -y perl-base',
      })
    : new LabUnavailable(`${spec.address} closes the session of ${spec.user} immediately: ${last}`, {
        hint: `try it by hand: ssh -p ${spec.port} ${spec.user}@${spec.address} true`,
      });
}

/** For lab tests: two hosts on one cable, as network namespaces. Needs root, as tcpdump does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ExecOptions, ExecResult, Host, SpawnedProcess } from '../../model/host.ts';
import type { Lab } from '../../model/lab.ts';
import { CommandFailed } from '../../util/errors.ts';
import { quoteAll } from '../../util/quote.ts';
import { Scope } from '../../util/scope.ts';

const ends = [
  { name: 'a', ip: '198.18.0.1', mac: '02:00:00:00:00:01', prefixLength: 24, segment: 'lan' },
  { name: 'b', ip: '198.18.0.2', mac: '02:00:00:00:00:02', prefixLength: 24, segment: 'lan' },
];

/** Hosts `a` (198.18.0.1) and `b` (198.18.0.2, also a director with the VIP 198.18.0.100), both with `eth0`. */
export async function cable(): Promise<Lab> {
  const scope = new Scope();
  const a = await holder(['unshare', '-n'], scope);
  const inA = ['nsenter', '-t', `${a.pid}`, '-n'];
  const b = await holder(['unshare', '-n'], scope);
  const inB = ['nsenter', '-t', `${b.pid}`, '-n'];
  const hosts = new Map<string, Host>([
    ['a', new NamespaceHost('a', inA)],
    ['b', new NamespaceHost('b', inB)],
  ]);
  const host = (name: string): Host => hosts.get(name) as Host;
  await host('a').exec(`
    ip link add eth0 address ${ends[0]?.mac} type veth peer name eth0 address ${ends[1]?.mac} netns ${b.pid}
    ip addr add 198.18.0.1/24 dev eth0; ip link set eth0 up; ip link set lo up`);
  await host('b').exec(`
    ip addr add 198.18.0.2/24 dev eth0; ip addr add 198.18.0.100/32 dev eth0
    ip link set eth0 up; ip link set lo up`);
  const spec = {
    name: 'cable',
    network: { base: '198.18.0.0', prefixLength: 24, mtu: 1500 },
    hosts: [
      { ...ends[0], role: 'client' },
      { ...ends[1], role: 'director' },
    ],
  };
  const lab = {
    spec,
    scope,
    host,
    capture: ({ filter }: { filter: string }) => capture(host('a') as NamespaceHost, filter),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
  return lab as unknown as Lab;
}

/** A process that keeps a namespace until its standard input ends, which it does when the test does. */
async function holder(argv: string[], scope: Scope): Promise<ChildProcess> {
  const [command = '', ...args] = [...argv, 'sh', '-c', 'echo up; exec cat'];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  scope.defer(() => child.stdin?.end());
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

class NamespaceHost implements Host {
  readonly name: string;
  readonly #enter: string[];

  constructor(name: string, enter: string[]) {
    this.name = name;
    this.#enter = enter;
  }

  child(argv: string[]): ChildProcess {
    const [command = '', ...args] = [...this.#enter, ...argv];
    return spawn(command, args, { stdio: 'pipe' });
  }

  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.run(['sh', '-c', script], options);
  }

  async run(argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    const child = this.child(argv);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (data) => out.push(data));
    child.stderr?.on('data', (data) => err.push(data));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    const [code] = (await once(child, 'close')) as [number];
    const result = { code, stdout: `${Buffer.concat(out)}`, stderr: `${Buffer.concat(err)}` };
    if (!(options.okCodes ?? [0]).includes(code)) {
      throw new CommandFailed(this.name, quoteAll(argv), code, result.stderr);
    }
    return result;
  }

  async spawn(argv: string[]): Promise<SpawnedProcess> {
    const child = this.child(argv);
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    const exited = once(child, 'close').then(([code]) => code as number | null);
    return {
      pid: child.pid ?? 0,
      write: (text) => child.stdin?.write(text),
      lines: () => createInterface({ input: child.stdout as NodeJS.ReadableStream }),
      stderr: () => stderr,
      kill: (signal) => child.kill(signal),
      exited,
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  put(): Promise<void> {
    throw new Error('this host has no files of its own');
  }

  /** Absolute paths only, such as `/proc/net/arp`: this host has no files of its own. */
  async get(path: string): Promise<Uint8Array> {
    return Buffer.from((await this.exec(`exec cat ${path}`)).stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

async function capture(host: NamespaceHost, filter: string) {
  const argv = ['tcpdump', '-i', 'eth0', '-U', '-w', '-', '--immediate-mode', filter];
  const child = host.child(argv);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (data) => chunks.push(data));
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    if (line.includes('listening')) break;
  }
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await once(child, 'close');
    }
    return Buffer.concat(chunks);
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

import type { Host, SpawnedProcess } from '../../src/model/host.ts';
import { type HostSpec, hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { programPath } from '../../src/programs/index.ts';
import { node } from '../../src/util/deterministic.ts';
import { CommandFailed, LabUnavailable, TimedOut } from '../../src/util/errors.ts';
import { compiled } from '../../src/util/root.ts';
import { timeoutMs } from '../../src/util/timeouts.ts';
import { certify, speaksTls } from './certificate.ts';
import type { Misconduct } from './conduct.ts';
import { formatLine, socketsOf } from './layout.ts';

/** Where the real servers' programs run: all in one place that reaches every namespace, or each on its own host. */
export type Serving =
  | { kind: 'shared'; host: Host }
  | { kind: 'each'; host(name: string): Host; launcher: string; program: string };

interface ServerProcess {
  spawned: SpawnedProcess;
  replies: AsyncIterator<string>;
  /** Settles when it has done all that it was told. */
  told: Promise<void>;
}

/** How it says that it did what it was told. */
type Word = 'ready' | 'killed' | 'behaves';

/** The programs that play the real servers of a lab: one for all of them, and one each where asked for. */
export class RealServers {
  readonly #processes = new Map<string, ServerProcess>();
  #started = 0;

  constructor(
    private readonly spec: LabSpec,
    private readonly serving: Serving,
  ) {}

  /**
   * Resolves when all answer. The hosts must have their addresses: in a namespace without any, the kernel takes
   * the VIP for a broadcast address, and UDP answers would leave with the RIP.
   */
  async start(): Promise<void> {
    // Directors too, where they are their own real servers.
    const servers = this.spec.hosts.filter((host) => socketsOf(this.spec, host).length > 0);
    const alone = (host: HostSpec) => this.serving.kind === 'each' || host.server?.ownProcess;
    const shared = servers.filter((host) => !alone(host));
    const own = servers.filter(alone).map((host) => [host]);
    await this.#certify(servers);
    await Promise.all([...(shared.length > 0 ? [shared] : []), ...own].map((group) => this.#launch(group)));
  }

  /** Where all share the files of one machine, what it trusts they trust. */
  async #certify(servers: HostSpec[]): Promise<void> {
    const { spec, serving } = this;
    if (!speaksTls(spec)) return;
    if (serving.kind === 'shared') await certify(spec, [serving.host], [serving.host]);
    else
      await certify(
        spec,
        servers.map(({ name }) => serving.host(name)),
        spec.hosts.map(({ name }) => serving.host(name)),
      );
  }

  /** The service dies: listeners closed, connections reset. @throws when it is dead already. */
  async kill(name: string): Promise<void> {
    const process = this.#processes.get(name);
    if (!process) throw new Error(`the service of ${name} is not running`);
    this.#processes.delete(name);
    await this.#tell(process, name, { kill: name }, 'killed');
  }

  /** The service goes on, and treats requests so; undefined: as it should. */
  async behave(name: string, misconduct: Misconduct | undefined): Promise<void> {
    const process = this.#processes.get(name);
    if (!process) throw new Error(`the service of ${name} is not running`);
    await this.#tell(process, name, { behave: name, misconduct }, 'behaves');
  }

  /** Brings the service of a real server back, in a process of its own. */
  async restart(name: string): Promise<void> {
    if (this.#processes.has(name)) throw new Error(`the service of ${name} is running`);
    await this.#launch([hostSpec(this.spec, name)]);
  }

  async #launch(hosts: HostSpec[]): Promise<void> {
    const file = `sockets-${++this.#started}`;
    const lines = hosts.flatMap((host) => socketsOf(this.spec, host)).map(formatLine);
    const { host, perl, program } = this.#placeOf(hosts[0]?.name ?? '');
    await host.put(file, `${lines.join('\n')}\n`);
    const spawned = await host.spawn(['perl', ...perl, file, ...node(), program]);
    const replies = spawned.lines()[Symbol.asyncIterator]();
    const started: ServerProcess = { spawned, replies, told: Promise.resolve() };
    await this.#reply(started, hosts.map((host) => host.name).join(', '), 'ready');
    for (const host of hosts) this.#processes.set(host.name, started);
  }

  /** One at a time, since the answers of a program that plays several real servers come in order. */
  async #tell(process: ServerProcess, name: string, order: object, word: Word): Promise<void> {
    const before = process.told;
    process.told = (async () => {
      await before.catch(() => {});
      process.spawned.write(`${JSON.stringify(order)}\n`);
      await this.#reply(process, name, word);
    })();
    await process.told;
  }

  #placeOf(name: string): { host: Host; perl: string[]; program: string } {
    const { serving } = this;
    if (serving.kind === 'each')
      return { ...serving, host: serving.host(name), perl: [serving.launcher, '--here'] };
    const perl = [programPath('launcher')];
    return { host: serving.host, perl, program: compiled('lab/servers/server.js') };
  }

  async #reply(process: ServerProcess, name: string, word: Word): Promise<void> {
    const what = `the service of ${name} to be ${word}`;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new TimedOut(what, timeoutMs.ready, process.spawned.stderr())),
        timeoutMs.ready,
      );
    });
    try {
      const line = await Promise.race([process.replies.next(), late]);
      if (!line.done && word in JSON.parse(line.value)) return;
      const code = await process.spawned.exited;
      const said = process.spawned.stderr();
      if (/^sctp: .*not supported/m.test(said))
        throw new LabUnavailable(`${name} cannot serve SCTP: the kernel of this sandbox has none`, {
          hint: 'leave «sctp» out of «serves», or take another sandbox',
        });
      throw new CommandFailed(name, 'server.js', code, said);
    } finally {
      clearTimeout(timer);
    }
  }
}

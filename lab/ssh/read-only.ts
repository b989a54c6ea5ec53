import type { ExecOptions, ExecResult, Host, SpawnedProcess } from '../../src/model/host.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { quoteAll } from '../../src/util/quote.ts';
import type { Machine } from './machine.ts';
import { whyNotReading } from './reading.ts';

/** A machine that is only looked at: whatever might change it is refused before it gets there. */
export class ReadOnlyHost implements Host {
  readonly name: string;

  constructor(readonly machine: Machine) {
    this.name = machine.name;
  }

  /** @throws {CannotHere} unless every command of the script is known to read only. */
  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    const why = whyNotReading(script);
    if (why !== undefined) throw refusal(this.name, `run ${why}`);
    return this.machine.exec(script, options);
  }

  /** @throws {CannotHere} unless the program is known to read only. */
  async run(argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    if (whyNotReading(quoteAll(argv)) !== undefined) {
      // The text of a whole program says nothing here.
      const shown = argv.some((word) => word.includes('\n'))
        ? `a program in ${argv[0]}`
        : `«${argv.join(' ')}»`;
      throw refusal(this.name, `run ${shown}`);
    }
    return this.machine.exec(quoteAll(argv), options);
  }

  async spawn(argv: string[]): Promise<SpawnedProcess> {
    throw refusal(this.name, `start ${argv[0]}`);
  }

  async put(path: string): Promise<void> {
    throw refusal(this.name, `write ${path}`);
  }

  async get(path: string): Promise<Uint8Array> {
    return (await this.machine.run(['cat', '--', path], `get ${path}`)).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const refusal = (host: string, what: string): CannotHere =>
  new CannotHere(`this lab is read-only, and the check would ${what} on ${host}`, {
    hint: 'driver: { ssh: { readOnly: false } } allows it; what is changed is undone afterwards',
  });

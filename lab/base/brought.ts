import { posix } from 'node:path';
import { quote } from '../../src/util/quote.ts';
import { filesFor, packageRoot, packed } from './upload.ts';

/**
 * Programs of drlab on a host that does not see our files: an argument that is a path below our package becomes the
 * path of its copy there, with what it imports, and our own Node becomes the one that is there.
 */
export class Brought {
  readonly #copies = new Map<string, Promise<void>>();
  readonly #folder: string;

  /**
   * @param folder the lab's own on that host.
   * @param run runs a shell script there, with this as its standard input.
   */
  constructor(
    folder: string,
    private readonly run: (script: string, input: Buffer) => Promise<unknown>,
  ) {
    this.#folder = posix.join(folder, 'package');
  }

  /** The command as it is said there; its files have arrived. */
  there(argv: string[]): Promise<string[]> {
    return Promise.all(argv.map((word) => this.#word(word)));
  }

  async #word(word: string): Promise<string> {
    if (word === process.execPath) return 'node';
    if (!word.startsWith(packageRoot)) return word;
    const copy = this.#copies.get(word) ?? this.#bring(word);
    this.#copies.set(word, copy);
    await copy;
    return posix.join(this.#folder, word.slice(packageRoot.length));
  }

  async #bring(path: string): Promise<void> {
    const folder = quote(this.#folder);
    await this.run(`mkdir -p ${folder} && tar -xzf - -C ${folder}`, packed(filesFor(path)));
  }
}

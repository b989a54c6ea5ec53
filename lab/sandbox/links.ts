/**
 * Names for what lies in folders of any name. The length of a path moves what comes after it in a memory, and with that
 * the order and the microseconds of what happens in virtual time; a link is called the same wherever it points.
 */
export class Links {
  readonly #targets: string[] = [];

  /** @param folder where `guest-kernel.sh` makes them. */
  constructor(private readonly folder: string) {}

  /** What `path` is to be called. */
  to(path: string): string {
    return `${this.folder}/${this.#targets.push(path)}`;
  }

  /** The targets, one a line: the first is called 1. */
  toString(): string {
    return this.#targets.map((target) => `${target}\n`).join('');
  }
}

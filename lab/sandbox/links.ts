/**
 * Names for what lies in folders of any name: what happens in virtual time, to the microsecond, was seen to hang on the
 * length of a path, and a link is called the same wherever it points.
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

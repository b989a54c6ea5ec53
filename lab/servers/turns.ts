/** How many requests a real server works on at once; the others wait in line, first come, first served. */
export class Turns {
  #free: number;
  readonly #line: (() => void)[] = [];

  /** @param atOnce 0: no limit. */
  constructor(atOnce: number) {
    this.#free = atOnce === 0 ? Number.POSITIVE_INFINITY : atOnce;
  }

  /** Calls `work` when it is its turn, at once where one is free. Every turn is given back by `give`. */
  take(work: () => void): void {
    if (this.#free === 0) {
      this.#line.push(work);
      return;
    }
    this.#free -= 1;
    work();
  }

  give(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#free += 1;
  }
}

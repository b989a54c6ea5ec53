/** How a real server treats requests while a fault is on. */
export interface Misconduct {
  /** Of answers to HTTP; default 200. */
  status?: number;
  /** Held back this much longer. */
  delayMs?: number;
  /** Requests are not even read. */
  hang?: boolean;
  /** Addresses whose requests it is about; default: everyone's. */
  clients?: string[];
}

/** The conduct of one real server; its connections ask at each request, and those that hang wait for a change. */
export class Conduct {
  #misconduct: Misconduct | undefined;
  readonly #waiting = new Set<() => void>();

  /** @param misconduct undefined: as it should be. */
  set(misconduct: Misconduct | undefined): void {
    this.#misconduct = misconduct;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
  }

  /** @param client address as the socket has it. */
  toward(client: string): Misconduct | undefined {
    const found = this.#misconduct;
    if (found === undefined) return undefined;
    return !found.clients || found.clients.includes(client) ? found : undefined;
  }

  /** Calls back once at the next change. */
  onChange(go: () => void): void {
    this.#waiting.add(go);
  }

  forget(go: () => void): void {
    this.#waiting.delete(go);
  }
}

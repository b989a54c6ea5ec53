/** How late timers are in here: on a busy machine the whole sandbox is, and with it every daemon of the lab. */
export class TimerGauge {
  #worstMs = 0;
  #nextMs = performance.now() + everyMs;
  readonly #timer = setInterval(() => {
    const nowMs = performance.now();
    this.#worstMs = Math.max(this.#worstMs, nowMs - this.#nextMs);
    this.#nextMs = nowMs + everyMs;
  }, everyMs);

  /** @returns the worst so far, in milliseconds. */
  stop(): number {
    clearInterval(this.#timer);
    return Math.max(0, this.#worstMs);
  }
}

const everyMs = 20;

import { shortened } from '../text/safe.ts';
import { duration } from '../text/units.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 120;
/** What is quicker than this needs no spinner. */
const quietForMs = 2000;

/** The last line of a terminal: what is going on, and for how long. Shown only when it takes longer. */
export class StatusLine {
  #what: string | undefined;
  #sinceMs = 0;
  #shown = false;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly write: (text: string) => void,
    readonly width: number,
  ) {}

  /** Begins something; its clock starts now. */
  begin(what: string): void {
    this.#what = what;
    this.#sinceMs = performance.now();
    this.#timer ??= setInterval(() => this.#tick(), frameMs);
    this.#timer.unref();
  }

  /** Says more of what is going on; its clock goes on. */
  say(what: string): void {
    if (this.#what === undefined) this.begin(what);
    else this.#what = what;
  }

  /** Writes lines above. */
  above(text: string): void {
    this.#clear();
    this.write(text);
  }

  end(): void {
    this.#clear();
    this.#what = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const elapsedMs = performance.now() - this.#sinceMs;
    if (this.#what === undefined || elapsedMs < quietForMs) return;
    this.#frame = (this.#frame + 1) % frames.length;
    const seconds = duration(Math.floor(elapsedMs / 1000) * 1000);
    // One column stays free, so that no terminal breaks the line.
    const text = shortened(
      `${frames[this.#frame]} ${this.#what}`,
      Math.max(10, this.width - seconds.length - 4),
    );
    this.write(`\r\u001b[2K${text}  ${seconds}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) this.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** A machine of a lab, whatever it is made of: six verbs and nothing more. */

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  input?: string;
  timeoutMs?: number;
  /** Exit codes that are answers, not failures. Default: only 0. */
  okCodes?: number[];
}

export interface SpawnedProcess extends AsyncDisposable {
  readonly pid: number;
  write(text: string): void;
  /** Lines of standard output, without their line ends. */
  lines(): AsyncIterable<string>;
  /** What it wrote to standard error so far. */
  stderr(): string;
  /** Signals the process itself. Disposing kills it. */
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
}

export interface Host extends AsyncDisposable {
  readonly name: string;
  /**
   * Runs a POSIX shell script on the host.
   * @throws {CommandFailed} when it ends with a code not in `okCodes`; {TimedOut}.
   */
  exec(script: string, options?: ExecOptions): Promise<ExecResult>;
  /**
   * Runs a program with these words, which no shell sees.
   * @throws {CommandFailed} when it ends with a code not in `okCodes`; {TimedOut}.
   */
  run(argv: string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a program that goes on; it dies with the lab at the latest. */
  spawn(argv: string[]): Promise<SpawnedProcess>;
  put(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Files of `/proc/net` are those of the host's network namespace. There `/proc/net` costs far less than a program.
   * @throws where it cannot be read.
   */
  get(path: string): Promise<Uint8Array>;
}

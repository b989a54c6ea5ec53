import type {
  Answer,
  Churn,
  ChurnOptions,
  DatagramsOptions,
  Download,
  DownloadOptions,
  HoldOptions,
  LoadResult,
  OpenLoopOptions,
  RequestsOptions,
  SaturateOptions,
  Saturation,
  StreamPlan,
  Target,
} from './types.ts';

/**
 * What the program on a client understands: one JSON object a line, `{ id, op, args }` in, `{ id, result }` or
 * `{ id, error }` out, in any order. Its first line is `{ ready: true }`; it ends with its standard input.
 */
export interface Operations {
  requests(args: { target: Target; o: RequestsOptions }): Promise<Answer[]>;
  datagrams(args: { target: Target; o: DatagramsOptions }): Promise<Answer[]>;
  hold(args: { target: Target; o: HoldOptions }): Promise<{ handle: number; answers: Answer[] }>;
  ask(args: { handle: number; timeoutMs?: number }): Promise<Answer[]>;
  drop(args: { handle: number; indices: number[] }): Promise<null>;
  release(args: { handle: number }): Promise<null>;
  /** `t0Ns` as decimal text, on CLOCK_MONOTONIC. */
  startLoad(args: { streams: StreamPlan[]; o: OpenLoopOptions }): Promise<{ handle: number; t0Ns: string }>;
  stopLoad(args: { handle: number }): Promise<LoadResult>;
  saturate(args: { target: Target; o: SaturateOptions }): Promise<Saturation>;
  churn(args: { target: Target; o: ChurnOptions }): Promise<Churn>;
  download(args: { target: Target; o: DownloadOptions }): Promise<Download>;
}

export type Operation = keyof Operations;
export type ArgsOf<Op extends Operation> = Parameters<Operations[Op]>[0];
export type ResultOf<Op extends Operation> = Awaited<ReturnType<Operations[Op]>>;

export interface Call {
  id: number;
  op: Operation;
  args: unknown;
}

export type Reply = { ready: true } | { id: number; result: unknown } | { id: number; error: string };

import type { SandboxKind, SandboxTrial } from '../../src/model/record.ts';

/** What the lab needs from the kernel. */
export interface SandboxNeeds {
  ipvs: boolean;
  /** The netdev family of nf_tables, which an nftables director forwards with. */
  nftNetdev: boolean;
  /** A dockerd of its own, which needs root on the kernel it runs on. */
  dockerd?: boolean;
  /** What its directors run. */
  programs?: readonly { name: string; package: string }[];
  /** The hosts are elsewhere: in a Docker that runs, or on machines that exist. */
  elsewhere?: boolean;
}

export interface SandboxJob {
  /** Program and arguments, absolute paths. */
  argv: string[];
  /** Added to a minimal environment. */
  env: Record<string, string>;
  cwd: string;
  /**
   * Folders that the inside may write to, under the same path unless the sandbox has one for it, and then there is one
   * only; everything else of the machine is read-only.
   */
  writableDirs: string[];
  /** File to which the kernel console goes and, unless interactive, what the program prints. */
  consolePath: string;
  /** The outer process's standard input and output are the program's. */
  interactive: boolean;
  memoryMiB: number;
}

export interface SandboxExit {
  /** As the program inside returned it; null when it did not end by itself. */
  code: number | null;
  /** One sentence when it did not end by the program's own exit: panic, killed, boot failed. */
  problem?: string;
}

/** Disposing kills it and waits until it is gone. */
export interface RunningSandbox extends AsyncDisposable {
  /** Outermost process of the sandbox. */
  readonly pid: number;
  /** Never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** Ends it now. */
  kill(): void;
}

export interface Attempt {
  ok: boolean;
  why: string;
  /** The command that installs what is missing. */
  install?: string;
}

/** A sandbox that runs; in it we are root. It ends, and leaves nothing, when its program or the outer process ends. */
export interface Sandbox {
  readonly kind: SandboxKind;
  /**
   * Where the inside sees its writable folder and drlab itself, where those are not their own paths: what happens in
   * virtual time does not depend on the names of folders.
   */
  readonly seenAt?: { out: string; package: string };
  /** Really tries what can be tried cheaply. */
  attempt(needs: SandboxNeeds): Promise<Attempt>;
  start(job: SandboxJob): Promise<RunningSandbox>;
}

export interface SandboxChoice {
  sandbox: Sandbox;
  trials: SandboxTrial[];
}

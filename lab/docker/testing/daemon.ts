import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type Docker from 'dockerode';
import { crowding } from '../../../src/util/crowding.ts';
import { asset } from '../../../src/util/root.ts';
import { until } from '../../../src/util/until.ts';
import { connect } from '../client.ts';
import { tar } from '../tar.ts';

/** Why there can be no dockerd here; undefined when there can. */
export function noDockerd(): string | undefined {
  if (process.getuid?.() !== 0) return 'dockerd needs root';
  return existsSync('/usr/sbin/dockerd') || existsSync('/usr/bin/dockerd') ? undefined : 'no dockerd';
}

/** A Docker as a user may have it, in namespaces of its own, so that the machine does not notice. */
export class TestDocker implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly endpoint: string,
    readonly docker: Docker,
    private readonly process: ChildProcess,
    /** The first process in its namespaces. */
    readonly inside: number,
  ) {}

  /**
   * @param more options of dockerd.
   * @param prepare told the first process in its namespaces, once dockerd may be starting.
   */
  static async start(more: string[] = [], prepare: (inside: number) => void = () => {}): Promise<TestDocker> {
    const folder = await mkdtemp(join(tmpdir(), 'drlab-own-'));
    const script = `ip link set lo up; mount -t tmpfs -o mode=755 run "$1"; exec sh "$0" "$@"`;
    const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const argv = [
      ...namespaces,
      'sh',
      '-c',
      script,
      asset('lab/docker/own.sh'),
      folder,
      basename(folder),
      ...more,
    ];
    const process = spawn('unshare', argv, { stdio: ['pipe', 'ignore', 'inherit'] });
    const inside = await until('the first process', () => childOf(process.pid), {
      withinMs: 5_000,
      everyMs: 10,
    });
    prepare(inside);
    // The folder's content is on a file system that only the dockerd sees.
    const endpoint = `unix:///proc/${inside}/root${folder}/docker.sock`;
    const docker = await until('dockerd to answer', () => connect(endpoint).catch(() => undefined), {
      withinMs: 30_000 * crowding(),
    });
    return new TestDocker(folder, endpoint, docker, process, inside);
  }

  /** Runs a script among the Docker host's interfaces. */
  async sh(script: string): Promise<string> {
    const child = spawn('nsenter', ['-t', String(this.inside), '-n', 'sh', '-ec', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of child.stdout) text += String(chunk);
    return text.trim();
  }

  /** An image as somebody else makes one: one program, and what it needs. */
  async importImage(name: string, command: string[]): Promise<void> {
    const archive = tar([
      { path: 'bin', kind: 'folder' },
      { path: 'bin/busybox', kind: 'file', mode: 0o755, content: readFileSync('/bin/busybox') },
      { path: 'www', kind: 'folder' },
      { path: 'www/index.html', kind: 'file', content: 'the real application\n' },
    ]);
    const changes = [`CMD ${JSON.stringify(command)}`];
    const stream = await this.docker.importImage(archive as unknown as NodeJS.ReadableStream, {
      repo: name,
      changes,
    });
    await new Promise((done) => this.docker.modem.followProgress(stream, done));
  }

  /** Everything in it that could be left over, by name. */
  async things(): Promise<{
    containers: string[];
    networks: string[];
    images: string[];
    interfaces: string[];
  }> {
    const [containers, networks, images] = await Promise.all([
      this.docker.listContainers({ all: true }),
      this.docker.listNetworks(),
      this.docker.listImages(),
    ]);
    return {
      containers: containers.map(({ Names }) => Names[0]?.slice(1) ?? '').sort(),
      networks: networks.map(({ Name }) => Name).filter((name) => !['bridge', 'host', 'none'].includes(name)),
      images: images.flatMap(({ RepoTags }) => RepoTags ?? []).sort(),
      interfaces: (await this.sh('ip -o link | cut -d: -f2 | cut -d@ -f1'))
        .split(/\s+/)
        .filter((name) => name.startsWith('drlab') || name.startsWith('lan'))
        .sort(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.stdin?.end();
    await new Promise((ended) => this.process.once('exit', ended));
    await rm(this.folder, { recursive: true, force: true });
  }
}

function childOf(pid: number | undefined): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return child ? Number(child) : undefined;
}

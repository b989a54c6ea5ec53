import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLab } from '../../../src/model/labfile/index.ts';
import { crowding } from '../../../src/util/crowding.ts';
import { compiled } from '../../../src/util/root.ts';
import { until } from '../../../src/util/until.ts';
import { buildLab } from '../../drivers.ts';
import { TestDocker } from './daemon.ts';

export type Things = Awaited<ReturnType<TestDocker['things']>>;

/** A Docker that runs already, with things of somebody else in it, and a folder for lab files and runs. */
export class Neighbourhood implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly outside: TestDocker,
    /** What was there before any lab, and shall be there after it. */
    public foreign: Things,
  ) {}

  static async create(): Promise<Neighbourhood> {
    const folder = await mkdtemp(join(tmpdir(), 'drlab-docker-'));
    const outside = await TestDocker.start();
    await outside.importImage('shop:1', ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www']);
    await outside.importImage('broken:1', ['/bin/busybox', 'cat', '/no/such/file']);
    const container = await outside.docker.createContainer({
      name: 'foreign',
      Image: 'shop:1',
      Labels: { 'com.example': 'yes' },
      HostConfig: { NetworkMode: 'none' },
    });
    await container.start();
    await outside.sh('ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up');
    return new Neighbourhood(folder, outside, await outside.things());
  }

  /** @param more keys of the lab file; of its `docker`, when they come second. */
  labText(more = '', docker = ''): string {
    return `name: guest\ndriver: { docker: { endpoint: "${this.outside.endpoint}"${docker} } }\ndirectors: { with: nftables }\n${more}`;
  }

  async labFile(name: string, text: string): Promise<string> {
    const path = join(this.folder, `${name}.yaml`);
    await writeFile(path, text);
    return path;
  }

  build(more = '', docker = '') {
    return buildLab(parseLab(this.labText(more, docker), 'guest.yaml'));
  }

  /** Starts a run of this lab, and waits until the lab is up. */
  async runUntilUp(name: string, text: string): Promise<{ child: ChildProcess; file: string }> {
    const file = await this.labFile(name, text);
    const child = drlab('run', 'arp', 'path', '--lab', file, '--out', join(this.folder, name));
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    const up = () => /lab up/.test(said) || undefined;
    await until('the lab to be up', up, { withinMs: 60_000 * crowding(), lastSeen: () => said });
    return { child, file };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outside[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export const drlab = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [compiled('src/cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

/** Runs drlab to its end. */
export async function ran(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = drlab(...args);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, said };
}

import { readFile } from 'node:fs/promises';
import type { ExecResult, Host, SpawnedProcess } from '../../src/model/host.ts';
import type { FilesSpec, HostSpec } from '../../src/model/spec.ts';
import { starterOf } from '../../src/model/starters.ts';
import { endedBadly, LabUnavailable, messageOf, StepFailed } from '../../src/util/errors.ts';
import { asset } from '../../src/util/root.ts';
import { lineSetting, placeIn } from './refusal.ts';
import { placesLast, withoutTimes } from './remarks.ts';
import { logOf, lookFor, passing, scriptOf, staying } from './steps.ts';

type Spawning<Daemon extends SpawnedProcess> = Pick<Host, 'name' | 'exec' | 'get'> & {
  spawn(argv: string[]): Promise<Daemon>;
};

const anyCode = Array.from({ length: 256 }, (_, code) => code);

/**
 * Runs what ends, in order.
 * @throws {StepFailed} when a file is refused; {LabUnavailable} for a program or a kernel that is not there.
 */
export async function startPassing(spec: HostSpec, host: Pick<Host, 'name' | 'exec'>): Promise<void> {
  const { files } = spec;
  if (!files) return;
  for (const step of passing(files)) {
    const script = scriptOf(step, files);
    const ended = await host.exec(`${lookFor(step)}\n${script}`, { okCodes: anyCode }).catch((error) => {
      throw new StepFailed(placeOf(step, files), messageOf(error), correct);
    });
    if (ended.code === notThere && ended.stderr === '') throw notInstalled(step, host.name);
    const refused = step === 'sysctl' ? await refusedBySysctl(ended, host, files) : failed(ended);
    if (refused !== undefined) throw refusal(step, files, host.name, ended.code, refused);
  }
}

/** Starts what stays. @returns the last, which the others serve. */
export async function startStaying<Daemon extends SpawnedProcess>(
  spec: HostSpec,
  host: Spawning<Daemon>,
): Promise<Daemon | undefined> {
  let daemon: Daemon | undefined;
  for (const step of spec.files ? staying(spec.files) : []) {
    const { code } = await host.exec(lookFor(step), { okCodes: [0, notThere] });
    if (code !== 0) throw notInstalled(step, host.name);
    const script = scriptOf(step, spec.files as FilesSpec);
    daemon = await host.spawn(['sh', '-c', script, asset('lab/directors/heartbeat.sh')]);
  }
  return daemon;
}

/** That a daemon ended before the lab was up, with what it said. */
export async function endedEarly(
  { files, name }: HostSpec,
  host: Pick<Host, 'get'>,
  code: number | null,
): Promise<Error | undefined> {
  const step = files && staying(files).at(-1);
  if (!step) return undefined;
  const log = await host.get(logOf(step)).then((bytes) => Buffer.from(bytes).toString(), messageOf);
  return refusal(step, files, name, code, placesLast(withoutTimes(log)));
}

const correct = 'Correct the file, or try it in the lab: drlab lab shell.';
const placeOf = (step: string, { place, start }: FilesSpec): string =>
  starterOf(step) ? `${place}.files` : `${place}.start[${start.indexOf(step)}]`;

/** What a kernel says that lacks something, whatever is in the file. */
const lacking =
  /Operation not supported|Protocol not supported|not supported by (the )?kernel|Can't initialize ipvs|table does not exist/i;

function refusal(step: string, files: FilesSpec, host: string, code: number | null, said: string): Error {
  const script = scriptOf(step, files);
  const told = endedBadly(host, script.includes('\n') ? step : script, code, said);
  const given = files.paths.find((path) => starterOf(step)?.files.test(path));
  const place = placeIn(said, files, given);
  if (lacking.test(said)) {
    const hint = 'drlab doctor says which sandboxes have more; or leave it out of «start»';
    return new LabUnavailable(`${told} (the kernel of this sandbox lacks it)`, { hint });
  }
  return new StepFailed(placeOf(step, files), place === undefined ? told : `${told}\n${place}`, correct);
}

const failed = ({ code, stdout, stderr }: ExecResult): string | undefined =>
  code === 0 ? undefined : stderr || stdout;

/** sh(1): no such command. */
const notThere = 127;

function notInstalled(step: string, host: string): LabUnavailable {
  const { name = step, package: from = step } = starterOf(step)?.program ?? {};
  return new LabUnavailable(`${host} is to be started on files of ${step}, and ${name} is not installed`, {
    hint: `apt-get install ${from}`,
  });
}

/**
 * sysctl ends with 0 or not whatever it could not do, so what it says is read. Keys that only the whole machine has cannot be
 * written in a namespace, and are no fault of the file.
 */
async function refusedBySysctl(
  { stderr }: ExecResult,
  host: Pick<Host, 'exec'>,
  files: FilesSpec,
): Promise<string | undefined> {
  const said: string[] = [];
  for (const line of stderr.split('\n')) {
    const key = /"(net[^"]+)"/.exec(line)?.[1];
    const path = `/proc/sys/${(key ?? '').replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'))}`;
    const isOurs = key === undefined || (await host.exec(`[ -w '${path}' ]`, { okCodes: [0, 1] })).code === 0;
    if (line !== '' && isOurs) said.push(key === undefined ? line : `${line}${await setIn(key, files)}`);
  }
  return said.length > 0 ? said.join('\n') : undefined;
}

/** Where the files set a key. */
async function setIn(key: string, { from, paths }: FilesSpec): Promise<string> {
  for (const path of paths.filter((one) => starterOf('sysctl')?.files.test(one)).reverse()) {
    const line = lineSetting(key, await readFile(`${from}${path}`, 'utf8'));
    if (line !== undefined) return ` (${path}:${line})`;
  }
  return '';
}

import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import type { MachineSpec } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { quote } from '../../src/util/quote.ts';

/** How a program becomes root on the machine. */
export interface Elevation {
  /** What goes before `sh -c …`. */
  prefix: string;
  /** What sudo prints on standard error when it wants the password; nobody can guess it. */
  prompt: string;
}

/** Without sudo the program runs as whoever logs in. */
export function elevation(machine: MachineSpec): Elevation | undefined {
  if (!machine.sudo) return undefined;
  const prompt = `drlab-${randomBytes(8).toString('hex')}:`;
  // Without -S sudo would look for a terminal; without a password to give, it must not ask.
  const prefix = machine.sudoPasswordFrom === undefined ? 'sudo -n' : `sudo -S -p ${quote(prompt)}`;
  return { prefix, prompt };
}

/**
 * The password, from the environment variable that the lab file names.
 * @throws {LabUnavailable} when it is not set.
 */
export function passwordOf(machine: MachineSpec, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = machine.sudoPasswordFrom;
  if (!machine.sudo || name === undefined) return undefined;
  const password = env[name];
  if (password) return password;
  throw new LabUnavailable(`the password for sudo on ${machine.address} is not there: ${name} is not set`, {
    hint: `read -rs ${name} && export ${name}, then run drlab again`,
  });
}

/** What was wrong with sudo, from what it said. */
export function sudoProblem(machine: MachineSpec, said: string): LabUnavailable | undefined {
  const who = `${machine.user}@${machine.address}`;
  if (/sudo: (?:command )?not found|sudo: No such file/.test(said)) {
    return new LabUnavailable(`${who} is not root, and there is no sudo on the machine`, {
      hint: 'log in as root (machine: { user: root }), or there, as root: apt-get install -y sudo',
    });
  }
  if (/password is required|terminal is required|no askpass/.test(said)) {
    return new LabUnavailable(`sudo for ${who} requires a password`, {
      hint: 'name the environment variable that holds it: machine: { sudoPasswordFrom: LAB_SUDO_PASSWORD }',
    });
  }
  if (/not in the sudoers file|not allowed to (?:run|execute)|may not run sudo/.test(said)) {
    return new LabUnavailable(`${who} may not use sudo`, {
      hint: `there, as root: adduser ${machine.user} sudo`,
    });
  }
  return undefined;
}

/**
 * Gives the password when sudo asks, once: a second question means that it was wrong. Never written to a channel
 * on which nobody asked, since there the program itself would read it.
 */
export class PasswordGiver {
  #said = '';
  #given = false;

  constructor(
    private readonly channel: Pick<ClientChannel, 'write'>,
    private readonly prompt: string,
    private readonly password: string | undefined,
  ) {}

  /** @returns true when the password was refused. */
  hear(text: string): boolean {
    this.#said = (this.#said + text).slice(-4000);
    const at = this.#said.indexOf(this.prompt);
    if (at < 0) return false;
    this.#said = this.#said.slice(at + this.prompt.length);
    if (this.#given || this.password === undefined) return true;
    this.#given = true;
    this.channel.write(`${this.password}\n`);
    return this.hear('');
  }
}

export const wrongPassword = (machine: MachineSpec): LabUnavailable =>
  new LabUnavailable(
    `sudo on ${machine.address} refused the password of ${machine.user} that ${machine.sudoPasswordFrom} holds`,
    {
      hint: `read -rs ${machine.sudoPasswordFrom} && export ${machine.sudoPasswordFrom}, then run drlab again`,
    },
  );

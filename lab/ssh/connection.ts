import type { Client, ClientChannel } from 'ssh2';
import type { MachineSpec } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';
import { type Endpoint, HostKeys } from './host-key.ts';
import { authMethods } from './keys.ts';

const connectMs = 15_000;
/** A peer that is silent for three of these is gone. */
const keepaliveMs = 5_000;

interface Login extends Endpoint {
  user: string;
  key?: string;
}

/** One ssh connection, and those to the jump host that it goes through. */
export class Connection implements AsyncDisposable {
  /** Resolves when the connection is gone: what ended it. */
  readonly lost: Promise<string>;

  private constructor(
    readonly address: string,
    private readonly client: Client,
    private readonly via: Connection | undefined,
  ) {
    this.lost = new Promise((resolve) => {
      let why = 'the connection was closed';
      client.on('error', (error) => {
        why = error.message;
      });
      client.on('close', () => resolve(why));
    });
  }

  /** @throws {LabUnavailable} one paragraph: not reachable, host key not trusted, key not accepted. */
  static async open(machine: MachineSpec, knownHosts: string): Promise<Connection> {
    const keys = HostKeys.read(knownHosts);
    if (!machine.jump) return Connection.#login(machine, keys);
    const jump = await Connection.#login(machine.jump, keys);
    try {
      return await Connection.#login(machine, keys, jump);
    } catch (error) {
      await jump[Symbol.asyncDispose]();
      throw error;
    }
  }

  static async #login(login: Login, keys: HostKeys, via?: Connection): Promise<Connection> {
    const { Client: SshClient, utils } = (await import('ssh2')).default;
    const authHandler = authMethods(login, utils.parseKey);
    const sock = via && (await via.#tunnel(login));
    const serverHostKey = keys.algorithms(login);
    const client = new SshClient();
    let refusal: LabUnavailable | undefined;
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.once('error', (error) => reject(refusal ?? whyNot(login, error, via)));
      client.once('close', () =>
        reject(refusal ?? whyNot(login, new Error('the connection was closed'), via)),
      );
      client.connect({
        host: login.address,
        port: login.port,
        username: login.user,
        ...(sock && { sock }),
        ...(serverHostKey.length > 0 && { algorithms: { serverHostKey: serverHostKey as never } }),
        authHandler: authHandler as never,
        hostVerifier: (key: Buffer) => {
          refusal = keys.refusal(login, key);
          return refusal === undefined;
        },
        readyTimeout: connectMs,
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: 3,
      });
    }).catch((error) => {
      client.destroy();
      throw error;
    });
    return new Connection(login.address, client, via);
  }

  /** Runs a command without a terminal. */
  run(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.end();
    const limit = setTimeout(() => this.client.destroy(), 2_000);
    await this.lost;
    clearTimeout(limit);
    await this.via?.[Symbol.asyncDispose]();
  }

  #tunnel(to: Endpoint): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) => {
        if (!error) return resolve(channel);
        const from = `the jump host ${this.address} does not reach ${to.address} port ${to.port}`;
        const hint = 'check the connection from there, and AllowTcpForwarding in its sshd_config';
        reject(new LabUnavailable(`${from}: ${error.message}`, { hint }));
      });
    });
  }
}

interface SshError extends Error {
  level?: string;
  code?: string;
}

function whyNot(login: Login, error: SshError, via: Connection | undefined): LabUnavailable {
  const where = `${login.user}@${login.address} port ${login.port}${via ? ` (through ${via.address})` : ''}`;
  if (error.level === 'client-authentication') {
    const key = login.key === undefined ? 'the agent’s and the default keys' : `the key ${login.key}`;
    return new LabUnavailable(`${where} does not accept ${key}`, {
      hint: `try it by hand: ssh ${login.key ? `-i ${login.key} ` : ''}-p ${login.port} ${login.user}@${login.address}; the public half belongs into ~${login.user}/.ssh/authorized_keys there`,
    });
  }
  const why = error.level === 'client-timeout' ? `no answer within ${connectMs / 1000} s` : error.message;
  return new LabUnavailable(`${where} cannot be reached by ssh: ${why || error.code}`, {
    hint: 'check that the machine is up, that sshd is running there, and that address and port in the lab file are right',
  });
}

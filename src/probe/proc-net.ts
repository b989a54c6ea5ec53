import type { Host } from '../model/host.ts';
import { CommandFailed } from '../util/errors.ts';

/**
 * A file of `/proc/net` in the host's network namespace, such as `ip_vs_conn`.
 * @throws {CommandFailed} where the kernel there has no such file.
 */
export const procNet = async (host: Host, file: string): Promise<string> =>
  Buffer.from(await host.get(`/proc/net/${file}`)).toString();

/** The same, or the empty string where there is no such file. */
export async function procNetIfAny(host: Host, file: string): Promise<string> {
  try {
    return await procNet(host, file);
  } catch (error) {
    if (error instanceof CommandFailed) return '';
    throw error;
  }
}

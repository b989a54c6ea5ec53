import { ipvsRules } from '../../../lab/directors/ipvsadm.ts';
import type { Lab } from '../../model/lab.ts';
import { hostsOf, type LabSpec } from '../../model/spec.ts';
import { until } from '../../util/until.ts';

/** How long connections may take to go once their real servers have. */
const emptyWithinMs = 5_000;

/**
 * Brings a standing lab with an ipvsadm director to the beginning: no rules, no connections, no neighbours, then the
 * rules of `to`. With `expire_nodest_conn` the kernel drops connections whose real server is taken out (ipvs-sysctl.rst);
 * left alone they would count in the real server's favour or against it when it is put back.
 * @throws {TimedOut} where connections stay; {CommandFailed} where the rules are refused.
 */
export async function resetLab(lab: Lab, to: LabSpec): Promise<void> {
  const [name = ''] = hostsOf(to, 'director').map((host) => host.name);
  const director = lab.host(name);
  const key = '/proc/sys/net/ipv4/vs/expire_nodest_conn';
  const { stdout: before } = await director.exec(`cat ${key} && echo 1 > ${key} && ipvsadm -C`);
  let left = '';
  await until(
    'the connection table to be empty',
    async () => {
      const table = Buffer.from(await director.get('/proc/net/ip_vs_conn')).toString();
      const entries = table.trim().split('\n').slice(1);
      left = `${entries.length} entries`;
      return entries.length === 0 ? true : undefined;
    },
    { withinMs: emptyWithinMs, everyMs: 20, lastSeen: () => left },
  );
  // In place of the shell; where a neighbour went by itself meanwhile, that is as good.
  const flush = 'exec ip -4 neigh flush all';
  await Promise.all(to.hosts.map((host) => lab.host(host.name).exec(flush, { okCodes: [0, 1, 2] })));
  await director.exec(`echo ${before.trim()} > ${key} && exec ipvsadm -R`, { input: ipvsRules(to) });
}

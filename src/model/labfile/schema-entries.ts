import { z } from 'zod';
import { andList } from '../../util/words.ts';
import { kindsWithServiceKey } from '../director-kinds.ts';
import { listOf, oneOf, whole } from './schema-parts.ts';
import { eitherAddress } from './schema-topology.ts';

/** Which packets a service takes, as a lab file may write it: by address and port, several of them, or a mark. */

const portsError = 'ports such as 5000-5010, or a list such as [80, 443, 5000-5010, 53/udp]';
const portError = 'a port, a range such as 5000-5010, or one with its protocol such as 53/udp';

const portItem = () =>
  z.union(
    [
      whole(1, 65535),
      z
        .string({ error: portError })
        .regex(/^[1-9]\d{0,4}(-[1-9]\d{0,4})?(\/(tcp|udp))?$/, { error: portError }),
    ],
    { error: portError },
  );
export type RawPort = z.output<ReturnType<typeof portItem>>;

export const entryKeys = () => ({
  port: whole(0, 65535)
    .optional()
    .describe(
      'Port of the virtual service, default 80; DR keeps it on the real servers. 0: all ports, of a persistent service.',
    ),
  ports: z
    .union([portItem(), listOf(portItem(), '[80, 443, 5000-5010, 53/udp]')], { error: portsError })
    .optional()
    .describe(
      'Several ports, each a service of its own, or with «fwmark» all of them one; with «port: 0» those that are looked at.',
    ),
  vips: listOf(eitherAddress(), '[198.18.0.100, 198.18.0.101]')
    .min(1, { error: 'at least one VIP' })
    .optional()
    .describe('Several VIPs, of either family, in place of «vip», each with the ports.'),
  fwmark: whole(1, 2 ** 32 - 1)
    .optional()
    .describe(
      `IPVS takes the packets of this firewall mark (ipvsadm -f, virtual_server fwmark); ${andList(kindsWithServiceKey('fwmark'))} only.`,
    ),
  marked: oneOf(['drlab', 'files'])
    .optional()
    .describe(
      'With «fwmark»: who gives packets the mark; default drlab, by iptables on every director; «files»: files or hooks of the lab.',
    ),
});

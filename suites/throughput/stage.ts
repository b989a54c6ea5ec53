import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { onDirectors } from '../common/mutate.ts';
import { moreClientAddresses, oneIpvsDirector, services, stage } from '../common/stages.ts';

/** iperf3's own; only the iperf3 that a check starts listens there. */
export const bulkPort = 5_201;

/**
 *   client with 9 addresses ──┬── director: VIP:80 rr to all real servers, VIP:5201 (TCP and UDP) to the first
 *                             └── rs1  rs2  …
 * More addresses, since a source port that comes again too soon would meet the entry of its last connection.
 */
export const measuring = stage(
  'measuring',
  `one director set with ipvsadm, many client addresses, port ${bulkPort} to one real server`,
  oneIpvsDirector,
  services({ port: 80 }),
  moreClientAddresses(8),
  onDirectors((spec) => {
    const [first] = hostsOf(spec, 'realServer');
    return ['-t', '-u']
      .map((letter) => {
        const service = `${letter} ${vipsOf(spec)[0]}:${bulkPort}`;
        return `ipvsadm -A ${service} -s rr\nipvsadm -a ${service} -r ${first?.ip} -g`;
      })
      .join('\n');
  }),
);

import { hostsOf, vipsOf } from '../../src/model/spec.ts';
import { onDirectors } from '../common/mutate.ts';
import { firstServers, oneIpvsDirector, services, stage } from '../common/stages.ts';

/** Uploads go to a port on which only the receiver of these checks listens, not the lab's own service. */
export const uploadPort = 9_100;

export const uploads = stage(
  'uploads',
  `one director set with ipvsadm and one real server, with port ${uploadPort} for uploads`,
  oneIpvsDirector,
  firstServers(1),
  services({ port: 80 }),
  onDirectors((spec) => {
    const service = `${vipsOf(spec)[0]}:${uploadPort}`;
    return [
      `ipvsadm -A -t ${service} -s rr`,
      ...hostsOf(spec, 'realServer').map(({ ip }) => `ipvsadm -a -t ${service} -r ${ip} -g`),
    ].join('\n');
  }),
);

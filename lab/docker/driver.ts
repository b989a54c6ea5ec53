import type { DockerSpec } from '../../src/model/spec.ts';
import type { Driver, LabOf, SweepOptions } from '../base/driver.ts';
import { provenance } from '../base/provenance.ts';

/** Hosts are containers: of a dockerd that ends with the sandbox, or of one that was there before. */
export const docker: Driver<DockerSpec> = {
  build: async (spec, options) => (await import('./build.ts')).buildDockerLab(spec, options),
  provenance,
  network: ({ parent, network }) => {
    const cable = parent === undefined ? '' : ` on ${parent}`;
    return network === 'macvlan' ? `macvlan${cable}, offloads on` : 'veth, offloads on';
  },
  needs: ({ driver: { endpoint } }) => ({ dockerd: endpoint === 'own', elsewhere: endpoint !== 'own' }),
  parallel: false,
  virtualTime: false,
  async sweep(options) {
    const { sweepDocker } = await import('./sweep.ts');
    const swept = [];
    for (const endpoint of endpointsOf(options)) swept.push(await sweepDocker(endpoint));
    return swept;
  },
  async sweepAfter(spec) {
    const { sweepDocker } = await import('./sweep.ts');
    for (const endpoint of foundBefore(spec)) await sweepDocker(endpoint).catch(() => {});
  },
};

const ordinary = 'unix:///var/run/docker.sock';

/** The ordinary Docker only where nothing else is named. */
function endpointsOf({ spec, at = [] }: SweepOptions<DockerSpec>): string[] {
  const named = [...at, ...(spec ? foundBefore(spec) : [])];
  return named.length > 0 ? [...new Set(named)] : [process.env.DOCKER_HOST ?? ordinary];
}

/** Dockers that were there before the lab; one of drlab's own ends with it. */
const foundBefore = ({ driver }: LabOf<DockerSpec>): string[] =>
  [driver.endpoint, ...Object.values(driver.hosts)].filter((endpoint) => endpoint !== 'own');

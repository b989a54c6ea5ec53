import { programsFor } from '../../src/model/director-kinds.ts';
import type { DriverSpecOf } from '../../src/model/spec.ts';
import type { Driver } from '../base/driver.ts';
import { provenance } from '../base/provenance.ts';

/** Hosts are network namespaces of the sandbox, which end with it: nothing can be left behind. */
export const netns: Driver<DriverSpecOf<'netns'>> = {
  build: async (spec, options) => (await import('./build.ts')).buildLab(spec, options),
  provenance,
  network: () => 'veth, offloads on',
  needs: ({ director }) => ({
    dockerd: false,
    programs: programsFor(director),
    elsewhere: false,
  }),
  parallel: true,
  virtualTime: true,
};

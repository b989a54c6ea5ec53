import type { LabSpec, ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';

/** One more service, like the first TCP service of the lab where nothing else is said: for mutants. */
export const addService =
  (sketch: Partial<ServiceSpec> & { port: number }) =>
  (spec: LabSpec): LabSpec => {
    const like = spec.services.find((service) => service.protocol === 'tcp');
    if (!like) throw new NotInLab(`lab «${spec.name}» has no TCP service`);
    return { ...spec, services: [...spec.services, { ...like, persistenceS: 0, ...sketch }] };
  };

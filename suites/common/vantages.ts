import type { Protocol } from '../../src/model/spec.ts';
import type { Vantages } from '../../src/model/vantage.ts';

/** From where checks look; one without any looks once, in the stage that has what it is about. */

/** For what is said of all services, which the check goes through itself. */
export const everyClient: Vantages = { clients: true };

/** As `serviceOf` finds them: the check is about the first that fits. */
export const everyService = (protocol: Protocol, scheduler?: string): Vantages => ({
  services: { protocol, ...(scheduler !== undefined && { scheduler }) },
});

export const everywhere = (protocol: Protocol, scheduler?: string): Vantages => ({
  ...everyClient,
  ...everyService(protocol, scheduler),
});

export const once = (why: string): Vantages => ({ once: why });

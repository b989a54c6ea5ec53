import {
  type HealthCheckSpec,
  healthCheckOf,
  type LabSpec,
  type ServiceSpec,
} from '../../../src/model/spec.ts';

/**
 * The longest that keepalived may take to see a dead real server: it may die just after a check, and each attempt may
 * take its whole time. keepalived.conf(5): delay_loop, connect_timeout, retry, delay_before_retry.
 */
export const detectionMs = (o: HealthCheckSpec): number =>
  o.intervalMs + o.timeoutMs * (o.retries + 1) + (o.retryDelayMs ?? o.intervalMs) * o.retries;

/** The formula in words, with its figures. */
export const formulaOf = (o: HealthCheckSpec): string =>
  `${o.intervalMs} + ${o.timeoutMs} × ${o.retries + 1} + ${o.retryDelayMs ?? o.intervalMs} × ${o.retries} ms`;

/** For looking at the table, for a busy machine, and for the work of a check itself. */
export const slackMs = 1_500;

/** @throws Error where the service has no health check. */
export function checkOf(spec: LabSpec, service: ServiceSpec): HealthCheckSpec {
  const found = healthCheckOf(spec, service);
  if (!found) throw new Error(`the service on port ${service.port} has no health check`);
  return found;
}

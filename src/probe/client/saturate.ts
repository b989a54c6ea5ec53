import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { msSince, nowNs } from './clock.ts';
import type { SaturateOptions, Saturation, Target } from './types.ts';

/**
 * autocannon in this process (`workers: 0`, so that nothing is multiplied). Only its counts are used: its
 * latencies are whole milliseconds, and its corrections are not to be trusted.
 */
export async function saturate(target: Target, o: SaturateOptions): Promise<Saturation> {
  // Loaded here, since most probers never need it and it takes a second on a slow machine.
  const { default: autocannon } = await import('autocannon');
  const startNs = nowNs();
  const cpuBefore = process.cpuUsage();
  const result = await autocannon({
    url: `http://${target.ip}:${target.port}${o.path ?? '/'}`,
    connections: o.connections,
    duration: o.durationMs / 1000,
    workers: 0,
    // It stops at the next sample, so that a sample a second would overrun by up to one.
    sampleInt: 100,
  });
  const cpu = process.cpuUsage(cpuBefore);
  const durationMs = msSince(startNs);
  const requests = result['2xx'];
  return {
    requestsPerS: (requests * 1000) / durationMs,
    requests,
    errors: result.errors + result.non2xx + result.resets,
    bytesPerS: (result.throughput.total * 1000) / durationMs,
    durationMs,
    generatorCpu: (cpu.user + cpu.system) / 1e3 / durationMs,
    generator: `autocannon ${version()}`,
  };
}

function version(): string {
  const path = createRequire(import.meta.url).resolve('autocannon/package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

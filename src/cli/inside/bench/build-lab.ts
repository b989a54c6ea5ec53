import { buildLab } from '../../../../lab/drivers.ts';
import { parseLab } from '../../../model/labfile/index.ts';
import { memoryOfSandbox } from '../../shared/bench/memory.ts';
import { untilQuiet } from '../../shared/bench/quiet.ts';

/**
 * What the benchmark runs inside a sandbox: brings a lab of N hosts up and down and prints the times as JSON.
 * usage: build-lab.js HOSTS
 */
const hosts = Number(process.argv[2]);
const spec = parseLab(
  `directors: { count: 1, with: nftables }\nclients: 1\nrealServers: ${hosts - 2}\n`,
  'bench.yaml',
);
const start = performance.now();
const lab = await buildLab(spec);
const up = performance.now();
const memory = memoryOfSandbox();
const before = performance.now();
await lab[Symbol.asyncDispose]();
const downMs = performance.now() - before;
const freedMs = await untilQuiet();
process.stdout.write(`${JSON.stringify({ hosts, upMs: up - start, downMs, freedMs, memory })}\n`);

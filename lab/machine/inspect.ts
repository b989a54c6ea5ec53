import { machineFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { inspectKernel } from './kernel.ts';
import { type Probing, thisMachine } from './probing.ts';
import { type Program, programs } from './programs.ts';
import { inspectResources } from './resources.ts';
import { type Found, findPrograms } from './versions.ts';

/** What this machine can do for drlab and what is missing, in the order in which `drlab doctor` shows it. */
export async function inspectMachine(on: Probing = thisMachine): Promise<Finding[]> {
  const table = programs();
  const [resources, kernel, found] = await Promise.all([
    machineFacts(on).then((machine) => inspectResources(on, machine, process.version)),
    inspectKernel(on),
    findPrograms(table, on),
  ]);
  return [
    ...resources,
    ...kernel,
    ...table.map((program) => programFinding(program, found.get(program.name))),
  ];
}

const purposes = {
  start: '',
  test: ' (npm test)',
  bench: ' (npm run bench, which runs without)',
  kernel: ' (npm run kernel)',
};

export function programFinding(program: Program, found: Found | undefined): Finding {
  return {
    name: program.name,
    ok: found !== undefined,
    required: program.purpose === 'start',
    found: found ? `${found.version} at ${found.path}` : 'missing',
    neededFor: program.neededFor + purposes[program.purpose],
    ...(found ? {} : { install: `apt-get install -y --no-install-recommends ${program.package}` }),
  };
}

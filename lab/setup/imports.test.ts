import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Files of a make-believe house: what each may import by the rules of biome.json, and what not. */
const house: Record<string, { may: string[]; mayNot: string[] }> = {
  'src/util/a.ts': {
    may: ['./b.ts', 'node:fs'],
    mayNot: ['../model/spec.ts', '../../lab/netns/lab.ts', '../cli/main.ts', 'zod', 'zx/core'],
  },
  'src/model/labfile/a.ts': {
    may: ['../spec.ts', '../../util/ipv4.ts', 'zod', 'yaml'],
    mayNot: ['../../probe/arp.ts', '../../run/engine.ts', '../../../lab/netns/lab.ts', 'commander', 'vitest'],
  },
  'src/statistics/a.ts': {
    may: ['./quantile.ts', '../util/errors.ts'],
    mayNot: ['../model/record.ts', '../probe/arp.ts', '../history/index.ts', '../../suites/index.ts', 'zod'],
  },
  'src/history/a.ts': {
    may: ['./gate.ts', '../statistics/noise.ts', '../model/record.ts', '../util/errors.ts', 'node:fs'],
    mayNot: [
      '../report/read-record.ts',
      '../probe/arp.ts',
      '../cli/main.ts',
      '../../lab/netns/lab.ts',
      'zod',
    ],
  },
  'src/programs/a.ts': {
    may: ['../model/host.ts', '../util/root.ts', 'node:fs'],
    mayNot: [
      '../probe/arp.ts',
      '../report/index.ts',
      '../../lab/agent/host.ts',
      '../../suites/arp/a.ts',
      'zod',
    ],
  },
  'src/probe/client/a.ts': {
    may: [
      '../arp.ts',
      '../../programs/index.ts',
      '../../model/host.ts',
      '../../statistics/random.ts',
      '../../util/until.ts',
      'autocannon',
    ],
    mayNot: ['../../../suites/arp/a.ts', '../../../lab/netns/lab.ts', '../../report/html.ts', 'zod', 'zx'],
  },
  'suites/arp/a.ts': {
    may: ['../common/judging.ts', '../../src/probe/arp.ts', '../../src/statistics/fairness.ts'],
    mayNot: ['../../lab/netns/lab.ts', '../../src/run/engine.ts', '../../src/report/html.ts', 'vitest'],
  },
  'src/report/html/a.ts': {
    may: ['../markup.ts', '../../model/record.ts', '../../statistics/comparison.ts'],
    mayNot: [
      'zod',
      '../../probe/arp.ts',
      '../../run/engine.ts',
      '../../history/gate.ts',
      '../../../suites/arp/a.ts',
      'yaml',
    ],
  },
  'src/run/a.ts': {
    may: ['../model/job.ts', '../util/scope.ts', '../statistics/blocks.ts', 'vitest/node'],
    mayNot: [
      '../probe/arp.ts',
      '../../suites/arp/a.ts',
      '../../lab/netns/lab.ts',
      '../cli/main.ts',
      'commander',
    ],
  },
  'lab/machine/a.ts': {
    may: ['../sandbox/uml.ts', '../../src/model/record.ts', 'zx/core'],
    mayNot: ['../../src/probe/arp.ts', '../../suites/arp/a.ts', '../../src/cli/main.ts', 'dockerode', 'ssh2'],
  },
  'lab/netns/a.ts': {
    may: ['../directors/kind.ts', '../servers/process.ts', '../../src/model/lab.ts'],
    mayNot: ['../sandbox/uml.ts', '../../src/run/engine.ts'],
  },
  'lab/base/a.ts': {
    may: ['../agent/host.ts', '../directors/index.ts', '../faults/index.ts', '../../src/model/lab.ts'],
    mayNot: ['../netns/plan.ts', '../docker/build.ts', '../ssh/machine.ts', '../sandbox/uml.ts'],
  },
  'lab/faults/a.ts': { may: ['../agent/host.ts', '../servers/server.ts'], mayNot: ['../netns/works.ts'] },
  'lab/sandbox/a.ts': { may: ['../../src/model/record.ts'], mayNot: ['../netns/lab.ts', 'zod'] },
  'lab/docker/a.ts': { may: ['dockerode'], mayNot: ['ssh2'] },
  'lab/ssh/a.ts': { may: ['ssh2'], mayNot: ['dockerode'] },
  'src/cli/a.ts': {
    may: [
      '../run/engine.ts',
      '../history/gate.ts',
      '../../suites/index.ts',
      '../../lab/netns/lab.ts',
      'commander',
    ],
    mayNot: ['zod', 'yaml', 'vitest', 'dockerode', 'playwright-core'],
  },
  'src/cli/inside/worker.ts': { may: ['vitest', '../../run/engine.ts'], mayNot: [] },
  'src/model/a.test.ts': { may: ['vitest'], mayNot: [] },
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const refused = new Map<string, string[]>();
let folder = '';

interface Diagnostic {
  category: string;
  location: { path: string; start: { line: number } };
}

function biomeLint(cwd: string): Promise<string> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  return new Promise((done) => execFile(biome, options, { cwd }, (_, stdout) => done(stdout)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drlab-imports-'));
  await writeFile(join(folder, 'biome.json'), await readFile(join(root, 'biome.json')));
  for (const [file, { may, mayNot }] of Object.entries(house)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const imports = [...may, ...mayNot].map((from) => `import '${from}';\n`);
    await writeFile(join(folder, file), imports.join(''));
  }
  const found = JSON.parse(await biomeLint(folder)) as { diagnostics: Diagnostic[] };
  for (const { category, location } of found.diagnostics) {
    if (category !== 'lint/style/noRestrictedImports') continue;
    const { may = [], mayNot = [] } = house[location.path] ?? {};
    const from = [...may, ...mayNot][location.start.line - 1] ?? `line ${location.start.line}`;
    refused.set(location.path, [...(refused.get(location.path) ?? []), from]);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each(Object.entries(house))('%s is refused exactly what it may not import', (file, { mayNot }) => {
  expect((refused.get(file) ?? []).sort()).toEqual([...mayNot].sort());
});

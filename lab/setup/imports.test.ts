import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importRules } from './rooms.ts';

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
  'src/reading/keepalived/a.ts': {
    may: ['../place.ts', '../../model/labfile/nearest.ts', '../../util/subnet.ts', 'node:path'],
    mayNot: ['../../lint/a.ts', '../../report/index.ts', '../../../lab/netns/lab.ts', 'zod', 'yaml'],
  },
  'src/lint/a.ts': {
    may: ['./finding.ts', '../reading/place.ts', '../model/labfile/index.ts', '../util/errors.ts'],
    mayNot: ['../cli/main.ts', '../report/index.ts', '../../suites/index.ts', '../../lab/drivers.ts', 'yaml'],
  },
  'src/history/a.ts': {
    may: ['./gate.ts', '../statistics/noise.ts', '../model/record.ts', '../util/errors.ts', 'node:fs'],
    mayNot: [
      '../report/write-reports.ts',
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
  'lab/docker/a.ts': { may: ['dockerode', '../base/lab.ts'], mayNot: ['ssh2', '../netns/plan.ts'] },
  'lab/ssh/a.ts': { may: ['ssh2', '../agent/agent.ts'], mayNot: ['dockerode', '../docker/tar.ts'] },
  'src/cli/a.ts': {
    may: [
      './commands/run.ts',
      './outside/launch.ts',
      '../run/engine.ts',
      '../history/gate.ts',
      '../../suites/index.ts',
      '../../lab/drivers.ts',
      'commander',
    ],
    mayNot: [
      '../../lab/netns/lab.ts',
      './inside/play.ts',
      'zod',
      'yaml',
      'vitest',
      'dockerode',
      'playwright-core',
    ],
  },
  'src/cli/commands/a.ts': {
    may: ['./sweep.ts', '../outside/launch.ts', '../shared/files.ts'],
    mayNot: ['../inside/play.ts', 'zod'],
  },
  'src/cli/outside/compare/a.ts': {
    may: ['../launch.ts', '../../shared/files.ts', '../../../report/index.ts', 'commander'],
    mayNot: ['../../inside/play.ts', '../../commands/run.ts', 'vitest'],
  },
  'src/cli/inside/a.ts': {
    may: ['./reset.ts', '../shared/files.ts', '../../run/emit.ts', '../../../lab/drivers.ts'],
    mayNot: ['../outside/launch.ts', '../commands/run.ts', '../../report/index.ts', 'commander'],
  },
  'src/cli/shared/a.ts': {
    may: ['./files.ts', '../../model/job.ts', '../../../lab/drivers.ts'],
    mayNot: ['../outside/launch.ts', '../inside/play.ts', '../commands/run.ts', 'zod'],
  },
  'src/cli/inside/vitest-file.ts': { may: ['vitest', '../../run/engine.ts'], mayNot: [] },
  'src/model/a.test.ts': { may: ['vitest'], mayNot: [] },
};

/** The forms in which a file may take something from another. */
const forms: ((from: string) => string)[] = [
  (from) => `import '${from}';`,
  (from) => `import type { A } from '${from}';`,
  (from) => `export { a } from '${from}';`,
  (from) => `void import('${from}');`,
];

/** Files that import each other, of each kind. */
const circles: Record<string, string> = {
  'src/util/value-a.ts': "import { b } from './value-b.ts';\nexport const a = () => b;\n",
  'src/util/value-b.ts': "import { a } from './value-a.ts';\nexport const b = () => a;\n",
  'src/model/type-a.ts': "import type { B } from './type-b.ts';\nexport type A = { b: B };\n",
  'src/model/type-b.ts': "import type { A } from './type-a.ts';\nexport type B = { a?: A };\n",
  'src/run/mixed-a.ts': "import { type B, b } from './mixed-b.ts';\nexport type A = [B, typeof b];\n",
  'src/run/mixed-b.ts': "import type { A } from './mixed-a.ts';\nexport type B = A[];\nexport const b = 1;\n",
};

const root = fileURLToPath(new URL('../..', import.meta.url));
/** By file: what its imports name that are refused. */
const refused = new Map<string, Set<string>>();
const inCircles = new Set<string>();
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
  for (const config of ['biome.json', 'biome.rooms.json'])
    await writeFile(join(folder, config), await readFile(join(root, config)));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(circles)) await write(file, text);
  for (const [file, { may, mayNot }] of Object.entries(house)) await write(file, importing(may, mayNot).text);
  const { diagnostics } = JSON.parse(await biomeLint(folder)) as { diagnostics: Diagnostic[] };
  for (const { category, location } of diagnostics) {
    if (category === 'lint/suspicious/noImportCycles') inCircles.add(location.path);
    if (category !== 'lint/style/noRestrictedImports') continue;
    const { may = [], mayNot = [] } = house[location.path] ?? {};
    const line = importing(may, mayNot).lines[location.start.line - 1] ?? `line ${location.start.line}`;
    refused.set(location.path, (refused.get(location.path) ?? new Set()).add(line));
  }
});
afterAll(() => rm(folder, { recursive: true }));

function importing(may: string[], mayNot: string[]): { text: string; lines: string[] } {
  const lines = [...may, ...mayNot].flatMap((from) => forms.map((form) => form(from)));
  return { text: lines.map((line) => `${line}\n`).join(''), lines };
}

test.each(Object.entries(house))(
  '%s is refused exactly what it may not import, in whatever form',
  (file, { mayNot }) => {
    expect([...(refused.get(file) ?? [])].sort()).toEqual(importing([], mayNot).lines.sort());
  },
);

test('circles are found, be they of values, of types or of both', () => {
  expect([...inCircles].sort()).toEqual(Object.keys(circles).sort());
});

test('the rules of the linter are those of the table', async () => {
  const rules = {
    $schema: './node_modules/@biomejs/biome/configuration_schema.json',
    overrides: importRules(),
  };
  await expect(`${JSON.stringify(rules, null, 2)}\n`).toMatchFileSnapshot(join(root, 'biome.rooms.json'));
});

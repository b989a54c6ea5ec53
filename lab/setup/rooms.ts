/**
 * Which room may import which: the linter's rules are made from this table. `biome.rooms.json` is the outcome;
 * `npx vitest run -u --config vitest.unit.config.js lab/setup/imports.test.ts` writes it again.
 */
interface Room {
  files: string[];
  /** The message for a file of this room that imports something else. */
  says: string;
  /** Folders of ours that it may not import from. */
  not: string[];
  /** Packages that it owns. */
  packages?: string[];
}

const topRooms = [
  'util',
  'programs',
  'model',
  'reading',
  'lint',
  'statistics',
  'history',
  'probe',
  'report',
  'run',
  'cli',
  'lab',
  'suites',
] as const;
type TopRoom = (typeof topRooms)[number];

/** Each has one owner, and `playwright-core` none: only tests look at a page as a browser does. */
const ownedPackages = [
  'zod',
  'yaml',
  'commander',
  'vitest',
  'autocannon',
  'zx',
  'dockerode',
  'ssh2',
  'playwright-core',
];

const except = (...may: TopRoom[]): TopRoom[] => topRooms.filter((room) => !may.includes(room));

/** Only lab/drivers.ts, and each itself, knows them. */
const driverRooms = ['netns', 'docker', 'ssh'];
const driversBut = (one: string): string[] => driverRooms.filter((room) => room !== one);

/** In this order: where two rules are about one file, the later counts. */
const rooms: Room[] = [
  { files: ['src/util/**'], says: 'src/util imports nothing of ours.', not: except('util') },
  {
    files: ['src/model/**'],
    says: 'src/model imports only src/util.',
    not: except('model', 'util'),
    packages: ['zod', 'yaml'],
  },
  {
    files: ['src/reading/**'],
    says: 'src/reading imports only src/model and src/util.',
    not: except('reading', 'model', 'util'),
  },
  {
    files: ['src/lint/**'],
    says: 'src/lint imports only src/reading, src/model and src/util.',
    not: except('lint', 'reading', 'model', 'util'),
  },
  {
    files: ['src/statistics/**'],
    says: 'src/statistics imports only src/util.',
    not: except('statistics', 'util'),
  },
  {
    files: ['src/programs/**'],
    says: 'src/programs imports only src/model and src/util.',
    not: except('programs', 'model', 'util'),
  },
  {
    files: ['src/history/**'],
    says: 'src/history imports only src/statistics, src/model and src/util.',
    not: except('history', 'statistics', 'model', 'util'),
  },
  {
    files: ['src/probe/**'],
    says: 'src/probe imports only src/programs, src/statistics, src/model and src/util.',
    not: except('probe', 'programs', 'statistics', 'model', 'util'),
    packages: ['autocannon'],
  },
  {
    files: ['suites/**'],
    says: 'suites import only src/probe, src/programs, src/statistics, src/model and src/util.',
    not: except('suites', 'probe', 'programs', 'statistics', 'model', 'util'),
  },
  {
    files: ['src/report/**', '!src/report/testing/comparison.ts'],
    says: 'src/report imports only src/statistics, src/model and src/util.',
    not: except('report', 'statistics', 'model', 'util'),
  },
  {
    files: ['src/run/**'],
    says: 'src/run is handed labs and checks; it imports only src/statistics, src/model and src/util.',
    not: except('run', 'statistics', 'model', 'util'),
    packages: ['vitest'],
  },
  ...labRooms(),
  ...cliRooms(),
];

function labRooms(): Room[] {
  const not = except('lab', 'programs', 'model', 'util');
  const lab = { not, says: 'lab imports only src/programs, src/model and src/util.', packages: ['zx'] };
  const shared = ['agent', 'base', 'capture', 'directors', 'faults', 'files', 'servers'].map(
    (one) => `lab/${one}/**`,
  );
  return [
    { ...lab, files: ['lab/**'] },
    {
      ...lab,
      files: ['lab/sandbox/**'],
      says: 'lab/sandbox imports only src/programs, src/model and src/util, and knows no driver.',
      not: [...not, ...driverRooms],
    },
    {
      ...lab,
      files: [...shared, '!lab/faults/testing/**'],
      says: 'What the drivers share imports only src/programs, src/model and src/util, and knows neither sandbox nor driver.',
      not: [...not, 'sandbox', ...driverRooms],
    },
    {
      ...lab,
      files: ['lab/netns/**'],
      says: 'lab/netns imports only src/programs, src/model and src/util, and knows neither sandbox nor another driver.',
      not: [...not, 'sandbox', ...driversBut('netns')],
    },
    {
      ...lab,
      files: ['lab/docker/**'],
      says: 'lab/docker imports only src/programs, src/model and src/util, and knows no other driver.',
      not: [...not, ...driversBut('docker')],
      packages: ['zx', 'dockerode'],
    },
    {
      ...lab,
      files: ['lab/ssh/**', '!lab/ssh/testing/**'],
      says: 'lab/ssh imports only src/programs, src/model and src/util, and knows no other driver.',
      not: [...not, ...driversBut('ssh')],
      packages: ['zx', 'ssh2'],
    },
  ];
}

function cliRooms(): Room[] {
  const packages = ['commander'];
  return [
    {
      files: ['src/cli/**'],
      says: 'What runs inside a sandbox is started as a program of its own; drivers are known by lab/drivers.ts.',
      not: ['inside', ...driverRooms],
      packages,
    },
    {
      files: ['src/cli/outside/**'],
      says: 'src/cli/outside knows neither the commands nor what runs inside a sandbox, and drivers by lab/drivers.ts.',
      not: ['inside', 'commands', ...driverRooms],
      packages,
    },
    {
      files: ['src/cli/inside/**', '!src/cli/inside/vitest-file.ts'],
      says: 'src/cli/inside imports nothing of ours in src/cli but src/cli/shared, draws no report, and knows drivers by lab/drivers.ts.',
      not: ['outside', 'commands', 'report', 'history', ...driverRooms],
    },
    {
      files: ['src/cli/shared/**'],
      says: 'src/cli/shared is for inside and outside, and knows neither, and drivers by lab/drivers.ts.',
      not: ['inside', 'outside', 'commands', 'report', 'history', ...driverRooms],
    },
  ];
}

/** Tests are free; so is what takes over recordings, and the file that vitest runs inside a sandbox. */
const free = ['**/*.test.ts', 'suites/testing/**', 'src/cli/inside/vitest-file.ts'];

const rule = (files: string[], noRestrictedImports: unknown) => ({
  includes: files,
  linter: { rules: { style: { noRestrictedImports } } },
});

/** The overrides of `biome.rooms.json`. */
export const importRules = () => [
  ...rooms.map(({ files, says, not, packages = [] }) => {
    const others = `{${ownedPackages.filter((one) => !packages.includes(one)).join(',')}}`;
    const patterns = [
      { group: ['.', '..'].map((from) => `${from}/**/{${not.join(',')}}/**`), message: says },
      {
        group: [others, `${others}/**`],
        message: 'Each package has one owner folder: docs/architecture.md.',
      },
    ];
    return rule(files, { level: 'error', options: { patterns } });
  }),
  rule(free, 'off'),
];

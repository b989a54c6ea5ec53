import { defineConfig } from 'vitest/config';

/** Lab tests: real labs through the command line, two files at a time since they wait much of theirs. */
export default defineConfig({
  test: {
    include: ['{src,lab,suites}/**/*.lab.test.ts'],
    maxWorkers: 2,
    minWorkers: 2,
    // Far beyond what a busy machine needs: only what hangs meets it.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    retry: 0,
  },
});

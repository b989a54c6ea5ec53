import { defineConfig } from 'vitest/config';

/** Lab tests: real labs through the command line, one file at a time since the machine is shared. */
export default defineConfig({
  test: {
    include: ['{src,lab,suites}/**/*.lab.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    retry: 0,
  },
});

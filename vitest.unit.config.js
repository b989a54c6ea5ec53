import { defineConfig } from 'vitest/config';

/** Unit tests: beside the sources, no lab, seconds. */
export default defineConfig({
  test: {
    include: ['{src,lab,suites}/**/*.test.ts'],
    exclude: ['**/*.lab.test.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
  },
});

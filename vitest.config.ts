import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['aigc-label-source'] },
  ssr: { resolve: { conditions: ['aigc-label-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test-fixtures/src/**/*.test.ts', 'examples/*/*.test.ts'],
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

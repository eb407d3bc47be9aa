import { defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** Campaigns that take minutes to hours: `node scripts/provenance.mjs`. They measure, and fail where a promise does not hold. */
export default defineConfig({
  ...ordinary,
  test: { ...ordinary.test, include: ['packages/*/long/**/*.long.ts'], testTimeout: 6 * 3_600_000, hookTimeout: 3_600_000, fileParallelism: false },
});

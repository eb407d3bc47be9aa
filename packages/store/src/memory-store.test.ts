import { testStore } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.ts';

testStore({ name: 'memory', open: (_, options) => memoryStore(options), isDurable: false });

describe('retention', () => {
  it('may be longer than the law says, and never shorter', async () => {
    for (const options of [
      { recordRetentionDays: 1_095 },
      { recipientRetentionDays: 183 },
      { recordRetentionDays: Number.NaN },
      { recordRetentionDays: 1e9 },
    ]) {
      expect(() => memoryStore(options)).toThrow(TypeError);
    }
    expect(() => memoryStore({ recordRetentionDays: 3_650, recipientRetentionDays: 365 })).not.toThrow();
  });
});

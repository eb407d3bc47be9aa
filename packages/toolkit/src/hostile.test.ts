import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fixtures from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Every list of hostile files that test-fixtures has. */
const FILES: readonly fixtures.HostileFile[] = Object.entries(fixtures).flatMap(([name, value]) =>
  name.endsWith('Hostile') ? (value as readonly fixtures.HostileFile[]) : [],
);

/** spec/provenance.md §4.4, for each row. Time is the processor's, so that a busy machine does not fail the tests. */
const MAXIMUM_CPU_MILLIS = 1_000;
const MAXIMUM_GROWTH_MIB = 128;

/** With explicit labels looked for, pixels and sound are decoded; ffmpeg, where it is asked, is a process of its own. */
const MAXIMUM_LOOKING_CPU_MILLIS = 2_000;
const MAXIMUM_LOOKING_GROWTH_MIB = 384;
/** Kinds that our own code decodes. */
const DECODED = ['png', 'jpeg', 'gif', 'webp', 'wav', 'aiff'];

interface Verdict {
  readonly format: string | null;
  readonly integrity: string;
  readonly cpuMillis: number;
  readonly growthMib: number;
  /** What looking for explicit labels took besides; `null` where it was not asked for. */
  readonly looking: { readonly integrity: string; readonly notices: number; readonly cpuMillis: number; readonly growthMib: number } | null;
}

const folder = mkdtempSync(join(tmpdir(), 'aigc-label-hostile-'));
let verdicts: readonly Verdict[] = [];
beforeAll(() => {
  FILES.forEach(({ bytes }, index) => {
    writeFileSync(join(folder, String(index)), bytes());
  });
  // A process of its own: what it grows by is what verifying takes, and one that dies takes no test with it.
  const script = fileURLToPath(new URL('../test/verify-each.mjs', import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', script, folder, String(FILES.length), DECODED.join(',')], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  verdicts = JSON.parse(output) as readonly Verdict[];
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hostile files (spec/provenance.md §4.4)', () => {
  it('are many', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(verdicts.length).toBe(FILES.length);
  });

  FILES.forEach(({ name, format, integrity }, index) => {
    it(`${format ?? 'no format'}: ${name}`, () => {
      const verdict = verdicts[index] as Verdict;
      expect(verdict.format).toBe(format);
      expect(integrity).toContain(verdict.integrity);
      expect(verdict.cpuMillis).toBeLessThan(MAXIMUM_CPU_MILLIS);
      expect(verdict.growthMib).toBeLessThan(MAXIMUM_GROWTH_MIB);
      if (verdict.looking !== null) {
        expect(verdict.looking).toMatchObject({ integrity: verdict.integrity, notices: 0 });
        expect(verdict.looking.cpuMillis).toBeLessThan(MAXIMUM_LOOKING_CPU_MILLIS);
        expect(verdict.looking.growthMib).toBeLessThan(MAXIMUM_LOOKING_GROWTH_MIB);
      }
    });
  });
});
